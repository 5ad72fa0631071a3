import fs from 'node:fs';
import path from 'node:path';
import manifest from '../package.json';
import { ROOT } from './support/build';
import { run, succeed } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { copyFixture, KIND, MIGRATIONS, PETS, removeCopies } from './support/fixture-project';
import { filesIn, installPacked, linkModule } from './support/pack';
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

it('has what its users need, and neither sources nor tests', () => {
  const files = filesIn(unpacked);
  expect(files).toEqual(expect.arrayContaining(['README.md', 'bin.js', 'package.json', 'sequelizerc.js']));
  const others = /^(README\.md|bin\.js|package\.json|sequelizerc\.js|bootstrap\/.*\.js|docs\/.*\.md)$/;
  const compiled = /^dist\/.*(\.js|\.d\.ts)$/;
  expect(files.filter((file) => !others.test(file) && !compiled.test(file))).toEqual([]);
});

it('knows nothing of the application beside which it is written', () => {
  const words = /prd[-_ ]?maker|user_sessions/i;
  const read = (file: string) => fs.readFileSync(path.join(unpacked, file), 'utf8');
  expect(filesIn(unpacked).filter((file) => words.test(read(file)))).toEqual([]);
});

it('names no file and no script that only the project beside which it is written has', () => {
  const words =
    /\.env\.example|npm run (?!--silent)|\bdb:(check|plan)\b|npx sequelize-cli db:(check|plan|diagram)/;
  const read = (file: string) => fs.readFileSync(path.join(unpacked, file), 'utf8');
  const found = filesIn(unpacked).filter((file) => !/\.d\.ts$/.test(file) && words.test(read(file)));
  expect(found).toEqual([]);
});

it('has every module, and the types of every module, that its exports name', async () => {
  const subpaths = Object.keys(manifest.exports).map((subpath) => path.posix.join(NAME, subpath));
  const script = `for (const name of ${JSON.stringify(subpaths)}) console.log(name, typeof require(name))`;
  const { stdout, stderr } = await run(process.execPath, ['-e', script], { cwd: project });
  expect({ stdout, stderr }).toEqual({
    stdout: subpaths.map((name) => `${name} ${name.endsWith('rc') ? 'function' : 'object'}\n`).join(''),
    stderr: '',
  });
  const types = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.types],
  );
  expect(types.filter((file) => !fs.existsSync(path.join(unpacked, file)))).toEqual([]);
});

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

describe('its declarations', () => {
  const MIGRATION = `
    import { DataTypes } from 'sequelize';
    import { migration } from '${NAME}';
    export = migration(__filename, {
      up(schema) {
        schema.addColumn('pets', 'color', { type: DataTypes.TEXT, allowNull: false, defaultValue: 'black' });
      },
    });`;
  const USES = `
    import { databaseFromEnvironment } from '${NAME}/config';
    import { createTestDatabase, schemaOf } from '${NAME}/testing';
    export const resolveDatabase = databaseFromEnvironment({ applicationName: 'pets' });
    export const lines: () => Promise<string[]> = async () => schemaOf((await createTestDatabase()).url);`;

  it.each([
    ['node16', 'node16'],
    ['commonjs', 'bundler'],
  ])('have a misspelt attribute be an error, and nothing else: %s, %s', async (module, moduleResolution) => {
    const folder = path.join(project, `typescript-${moduleResolution}`);
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'right.ts'), MIGRATION);
    fs.writeFileSync(path.join(folder, 'misspelt.ts'), MIGRATION.replace('allowNull', 'allowNul'));
    fs.writeFileSync(path.join(folder, 'uses.ts'), USES);
    const compilerOptions = { module, moduleResolution, target: 'es2022', strict: true, noEmit: true };
    const config = { compilerOptions: { ...compilerOptions, skipLibCheck: true, types: ['node'] } };
    fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    const compiler = path.join(ROOT, 'node_modules/typescript-native/bin/tsc');
    const { code, stdout } = await run(process.execPath, [compiler, '--pretty', 'false'], { cwd: folder });
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/^misspelt\.ts\(6,\d+\): error TS2561: .*'allowNul' does not exist .*\n$/);
  });
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
