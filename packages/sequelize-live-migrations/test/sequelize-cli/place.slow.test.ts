import path from 'node:path';
import { DataTypes, Sequelize } from 'sequelize';
import { migration } from '../../src/migration';
import { run, sequelizeCli, succeed } from '../support/cli';
import { createRole, urlFor } from '../support/database';
import { fixtureProject, MIGRATIONS } from '../support/fixture-project';
import { migrate } from '../support/migrator';
import {
  differencesOf,
  typedSchemaRefusal,
  logIn,
  migratedForOwner,
  refusalsOf,
  tablesIn,
  useMigrated,
  withPath,
} from '../support/place';
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
  expect(await differencesOf({ url })).toEqual([]);

  await succeed('db:migrate:undo:all', url);
  expect(await tablesIn(database, 'tenant1')).toEqual(['tenant1.SequelizeMeta']);
  expect(await logIn(database, 'tenant1')).toEqual([]);
  expect((await schemaOf(database)).filter((line) => !line.includes('tenant1'))).toEqual(before);
  expect(await logIn(database, SCHEMA)).toEqual(MIGRATIONS);
  expect(await database.query('SELECT name, kind FROM pets')).toEqual([{ name: 'Rex', kind: 'cat' }]);
});

it.each<[string, (role: string, database: string) => string]>([
  [
    'a search_path of the role',
    (role) => `CREATE SCHEMA first; GRANT ALL ON SCHEMA first TO ${role};
      ALTER ROLE ${role} SET search_path = first, ${SCHEMA}`,
  ],
  [
    'a search_path of the database',
    (role, database) => `CREATE SCHEMA first; GRANT ALL ON SCHEMA first TO ${role};
      ALTER DATABASE ${database} SET search_path = first, ${SCHEMA}`,
  ],
])('%s that comes before the one with the log is no second set of tables', async (_, sqlFor) => {
  const { database, url } = await migratedForOwner(migratedAnd, sqlFor);
  const before = await schemaOf(database);
  const refused = 'in a later schema. Nothing was changed.';
  expect(await refusalsOf(url)).toEqual(Array(4).fill(expect.stringContaining(refused)));
  await database.disconnect();
  expect(await schemaOf(database)).toEqual(before);
});

it.each([['in quotes that does not exist', `"Tenant 1",${SCHEMA}`, 'CREATE SCHEMA "Tenant 1"']])(
  'a schema %s, and was typed, is not passed over',
  async (_, searchPath, advice) => {
    const database = await migratedAnd('CREATE SCHEMA tenant1');
    expect(await typedSchemaRefusal(database, searchPath)).toContain(advice);
  },
);

it('nor by a declared migration that something else runs', async () => {
  const database = await migratedAnd();
  const sequelize = new Sequelize(withPath(database, `tenat1,${SCHEMA}`), { logging: false });
  const addAge = migration('20990101000000-add-age.js', {
    up: (schema) => schema.addColumn('pets', 'years', { type: DataTypes.INTEGER }),
  });
  try {
    await expect(addAge.up(sequelize.getQueryInterface())).rejects.toThrow(
      'The search_path that was typed begins with schema tenat1, which does not exist',
    );
  } finally {
    await sequelize.close();
  }
});

it('with an empty search_path, a declared migration says that there is no schema, also one that names its own', async () => {
  const database = await migratedAnd();
  const sequelize = new Sequelize(withPath(database, ''), { logging: false });
  const create = migration('20990101000000-create-events.js', {
    up: (schema) => {
      schema.createTable({ tableName: 'events', schema: SCHEMA }, { id: { type: DataTypes.INTEGER } });
    },
  });
  try {
    await expect(create.up(sequelize.getQueryInterface())).rejects.toThrow(
      "No schema of this role's search_path",
    );
  } finally {
    await sequelize.close();
  }
});

it('one that the role may not use is not passed over, either', async () => {
  const reader = await createRole('reader');
  const database = await migratedAnd('CREATE SCHEMA tenant1');
  const url = withPath({ ...database, url: urlFor(reader, database.url) }, `tenant1,${SCHEMA}`);
  await expect(migrate({ url }, (umzug) => umzug.executed())).rejects.toThrow(
    'which this role may not use. Nothing was changed.',
  );
});

it('without any schema, each command says so', async () => {
  const database = await migratedAnd(`ALTER SCHEMA ${SCHEMA} RENAME TO other`);
  const message = new RegExp(
    String.raw`No schema of this role's search_path exists in database \w+, or the role may use none of "\$user", ${SCHEMA}`,
  );
  await expect(migrate(database, (umzug) => umzug.executed())).rejects.toThrow(message);
  await expect(migrate(database, (umzug) => umzug.up())).rejects.toThrow(message);
  await expect(differencesOf(database)).rejects.toThrow(message);
});
