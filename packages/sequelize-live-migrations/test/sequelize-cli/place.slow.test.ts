import path from 'node:path';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { modelsOf } from '../../src/commands/models-of';
import { run, sequelizeCli, succeed } from '../support/cli';
import { fixtureProject, MIGRATIONS } from '../support/fixture-project';
import { logIn, tablesIn, useMigrated, withPath } from '../support/place';
import { SCHEMA, schemaOf } from '../support/schema';

// The migration log and the tables are in one schema, the one in which PostgreSQL creates, and all commands agree on it.

const BIN = path.join(__dirname, '../../bin.js');

const migratedAnd = useMigrated();

const UNCLEAR = new RegExp(
  String.raw`creates tables in schema tenant1 of database \w+, which has no migration log, and finds the migration log "${SCHEMA}"\."SequelizeMeta" in a later schema\. Nothing was changed\. .*CREATE TABLE "tenant1"\."SequelizeMeta"`,
);

it('of a search_path whose first schema is not migrated, while a later one is: every command asks which is meant', async () => {
  const database = await migratedAnd('CREATE SCHEMA tenant1');
  const url = withPath(database, `tenant1,${SCHEMA}`);
  const before = await schemaOf(database);
  const typed = await Promise.all([
    ...['db:migrate', 'db:migrate:status', 'db:migrate:undo'].map((line) => sequelizeCli(line, url)),
    ...['plan', 'check'].map((name) =>
      run(process.execPath, [BIN, name], { cwd: fixtureProject().root, env: { DATABASE_URL: url } }),
    ),
  ]);
  expect(typed.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
  for (const { stderr } of typed) expect(stderr).toMatch(UNCLEAR);
  expect(await schemaOf(database)).toEqual(before);
  expect(await logIn(database, SCHEMA)).toEqual(MIGRATIONS);
});

it('with a log of its own a schema is migrated and undone beside another one, which is left as it is', async () => {
  const database = await migratedAnd('CREATE SCHEMA tenant1');
  const url = withPath(database, `tenant1,${SCHEMA}`);
  const [, create = ''] =
    /(CREATE TABLE "tenant1".*;)/.exec((await sequelizeCli('db:migrate', url)).stderr) ?? [];
  await database.query(create);
  const before = (await schemaOf(database)).filter((line) => !line.includes('tenant1'));

  await succeed('db:migrate', url);
  const names = ['SequelizeMeta', 'pets', 'toys'];
  expect(await tablesIn(database, 'tenant1')).toEqual(names.map((name) => `tenant1.${name}`));
  expect(await logIn(database, 'tenant1')).toEqual(MIGRATIONS);
  const { stdout } = await succeed('db:migrate:status', url);
  expect(stdout.match(/^up /gm)).toHaveLength(3);
  expect(await differencesFromModels(url, await modelsOf(fixtureProject()))).toEqual([]);

  await succeed('db:migrate:undo:all', url);
  expect(await tablesIn(database, 'tenant1')).toEqual(['tenant1.SequelizeMeta']);
  expect(await logIn(database, 'tenant1')).toEqual([]);
  expect((await schemaOf(database)).filter((line) => !line.includes('tenant1'))).toEqual(before);
  expect(await logIn(database, SCHEMA)).toEqual(MIGRATIONS);
  expect(await database.query('SELECT name, kind FROM pets')).toEqual([{ name: 'Rex', kind: 'cat' }]);
});
