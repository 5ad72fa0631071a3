import fs from 'node:fs';
import path from 'node:path';
import manifest from '../package.json';
import { run, succeed } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { copyFixture, KIND, MIGRATIONS, PETS, removeCopies } from './support/fixture-project';
import { installPacked, linkModule } from './support/pack';
import { writeFromReadme } from './support/readme';
import { recordsOf } from './support/schema';

// The package as npm would publish it, in a project that has nothing else but what it depends on.

const NAME = 'sequelize-live-migrations';

let project: string;
let unpacked: string;

beforeAll(async () => {
  project = copyFixture({ withModules: false });
  unpacked = await installPacked(project, manifest);
  linkModule(project, '@types/node');
});

afterAll(() => dropDatabases());
afterAll(removeCopies);

it('migrates, tells the status, undoes and checks, under sequelize-cli', async () => {
  const { url, ...database } = await createDatabase();
  const cwd = project;
  await succeed('db:migrate', url, { cwd });
  expect(await recordsOf({ url, ...database })).toEqual(MIGRATIONS);
  await succeed('db:seed:all', url, { cwd });
  const bin = path.join(unpacked, manifest.bin[NAME]);
  const checked = await run(process.execPath, [bin, 'check'], { cwd, env: { DATABASE_URL: url } });
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('matches the 2 models') });

  await succeed('db:migrate:undo', url, { cwd });
  expect(await recordsOf({ url, ...database })).toEqual([PETS, KIND]);
  const { stdout } = await succeed('db:migrate:status', url, { cwd });
  expect(stdout.match(/^(up|down) .*/gm)).toEqual([
    'up 20250101-create-pets.js',
    'up 20250201-add-kind-to-pets.js',
    'down 20250301-create-toys.js',
  ]);
  expect(await database.query('SELECT name, kind FROM pets ORDER BY name')).toEqual([
    { name: 'Mia', kind: 'cat' },
    { name: 'Rex', kind: 'dog' },
  ]);
});

it('in TypeScript, with the settings of the README: a generated migration compiles and runs', async () => {
  const [typed, database] = [copyFixture({ withModules: false }), await createDatabase()];
  fs.rmSync(path.join(typed, 'migrations'), { recursive: true });
  const modules = path.join(typed, 'node_modules');
  fs.cpSync(path.join(project, 'node_modules'), modules, { recursive: true, verbatimSymlinks: true });
  for (const name of ['typescript', '@typescript']) linkModule(typed, name);
  writeFromReadme(typed, 'typescript', [
    '.sequelizerc',
    'app/src/tsconfig.json',
    'app/src/config/database.ts',
  ]);
  const { stdout } = await succeed('migration:generate --name create-books', '', { cwd: typed });
  const [, name] = /^New file: app\/src\/migrations\/(\S+)\.ts$/m.exec(stdout) ?? [];
  await succeed('db:migrate', database.url, { cwd: typed });
  expect(await recordsOf(database)).toEqual([`${String(name)}.js`]);
  await succeed('db:migrate:undo', database.url, { cwd: typed });
});
