import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { run, sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, removeCopies } from '../support/fixture-project';
import { recordsOf, schemaOf } from '../support/schema';

// What the generators write in a project without TypeScript, which runs as it is. The application's tests have the rest.

let cwd: string;

beforeAll(() => {
  cwd = copyFixture();
  const file = path.join(cwd, '.sequelizerc');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('root:', "tests: 'test',\n  root:"));
  for (const folder of ['migrations', 'seeders']) fs.rmSync(path.join(cwd, folder), { recursive: true });
});

afterAll(removeCopies);
afterAll(() => dropDatabases());

async function generated(line: string): Promise<string[]> {
  const { stdout } = await succeed(line, '', { cwd });
  return [...stdout.matchAll(/^New file: (\S+)$/gm)].map(([, file = '']) => file);
}

it('in a project without a migration, the first one is JavaScript, runs, and is undone', async () => {
  const database = await createDatabase();
  const [table = '', test = ''] = await generated('migration:generate --name create-books');
  const [column = ''] = await generated('migration:generate --name add-author-to-books');
  expect(table).toMatch(/^migrations\/\d{14}-create-books\.js$/);
  expect(test).toMatch(/^test\/migrations\/\d{14}-create-books\.test\.js$/);
  expect(column > table).toBe(true);
  await succeed('db:migrate', database.url, { cwd });
  expect(await recordsOf(database)).toEqual([table, column].map((file) => path.basename(file)));
  expect(await schemaOf(database)).toContain('books author text');
  await succeed('db:migrate:undo:all', database.url, { cwd });
  expect(await recordsOf(database)).toEqual([]);
});

it('the first seeder is JavaScript, too, and runs any number of times', async () => {
  const database = await createDatabase();
  await database.query('CREATE TABLE "table" (id integer PRIMARY KEY)');
  const [seeder = ''] = await generated('seed:generate --name two-rows');
  expect(seeder).toMatch(/^seeders\/\d{14}-two-rows\.js$/);
  const none = await sequelizeCli('db:seed', database.url, { cwd });
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('needs the name of a seeder') });
  const { stderr } = await succeed('db:seed:all', database.url, { cwd });
  expect(stderr).toMatch(
    /^WARNING: On database \w+ these migrations have not run: .*\.js\. .* db:migrate, .*\n$/,
  );
  await succeed(`db:seed --seed ${path.basename(seeder)}`, database.url, { cwd });
  expect(await database.query('SELECT FROM "table"')).toHaveLength(2);
});

it('their tests are in the code style, and can be loaded', async () => {
  const files = fs.readdirSync(path.join(cwd, 'test'), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.js')).map((file) => path.join('test', file));
  expect(tests).toHaveLength(3);
  const options = ['--single-quote', '--print-width', '110', '--check'];
  const args = [path.join(ROOT, 'node_modules/prettier/bin/prettier.cjs'), ...options];
  expect(await run(process.execPath, [...args, ...tests, 'migrations', 'seeders'], { cwd })).toMatchObject({
    code: 0,
  });
  const script = `globalThis.it = () => undefined; ${JSON.stringify(tests)}.forEach((file) => require('./' + file))`;
  expect(await run(process.execPath, ['-e', script], { cwd })).toMatchObject({ code: 0, stderr: '' });
});
