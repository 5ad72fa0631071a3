import { DataTypes, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { modelsOf } from '../../src/commands/models-of';
import { migration } from '../../src/migration';
import { sequelizeCli } from '../support/cli';
import { createDatabase, createRole, urlFor } from '../support/database';
import { fixtureProject, KIND, MIGRATIONS, PETS } from '../support/fixture-project';
import { migrate } from '../support/migrator';
import { logIn, tablesIn, useMigrated, withPath } from '../support/place';
import { SCHEMA, schemaOf } from '../support/schema';

// The migration log and the tables are in one schema, the one in which PostgreSQL creates, and all commands agree on it.

const migratedAnd = useMigrated();

it.each<[string, (role: string, database: string) => string]>([
  ['a schema named as the role', (role) => `CREATE SCHEMA AUTHORIZATION ${role}`],
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
  const owner = await createRole('owner');
  const grants = `GRANT ALL ON SCHEMA ${SCHEMA} TO ${owner.name}; GRANT ALL ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${owner.name}`;
  const database = await migratedAnd(grants);
  await database.query(sqlFor(owner.name, new URL(database.url).pathname.slice(1)));
  const before = await schemaOf(database);
  const url = urlFor(owner, database.url);
  const refused = 'in a later schema. Nothing was changed.';
  await expect(migrate({ url }, (umzug) => umzug.up())).rejects.toThrow(refused);
  await expect(migrate({ url }, (umzug) => umzug.down())).rejects.toThrow(refused);
  await expect(migrate({ url }, (umzug) => umzug.executed())).rejects.toThrow(refused);
  await expect(differencesFromModels(url, await modelsOf(fixtureProject()))).rejects.toThrow(refused);
  await database.disconnect();
  expect(await schemaOf(database)).toEqual(before);
});

it('tables that an application has created in a later schema are not passed over, either', async () => {
  const database = await createDatabase();
  await migrate(database, (umzug) => umzug.up({ to: PETS }));
  await database.query('DROP TABLE "SequelizeMeta"; CREATE SCHEMA first');
  const url = withPath(database, `first,${SCHEMA}`);
  await expect(migrate({ url }, (umzug) => umzug.up())).rejects.toThrow(
    new RegExp(
      String.raw`schema first .*, which has no migration log, and finds ${SCHEMA}\.pets in a later schema\. Nothing was changed`,
    ),
  );
  expect(await tablesIn(database, 'first')).toEqual([]);
});

describe('a log that is in another schema than its tables', () => {
  const SPLIT = `CREATE SCHEMA first; ALTER TABLE "SequelizeMeta" SET SCHEMA first`;

  it('is not written by an undo of which nothing could be done', async () => {
    const database = await migratedAnd(SPLIT);
    const url = withPath(database, `first,${SCHEMA}`);
    await expect(migrate({ url }, (umzug) => umzug.down())).rejects.toThrow(
      new RegExp(
        String.raw`The migration log is in schema first .*, where the tables of this migration are not: there is ${SCHEMA}\.pets, ${SCHEMA}\.toys\. Nothing of it was undone`,
      ),
    );
    expect(await logIn(database, 'first')).toEqual(MIGRATIONS);
  });

  it('is said where a migration does not find its table', async () => {
    const database = await migratedAnd(`${SPLIT}; DELETE FROM first."SequelizeMeta" WHERE name >= '${KIND}'`);
    const url = withPath(database, `first,${SCHEMA}`);
    await expect(migrate({ url }, (umzug) => umzug.up())).rejects.toThrow(
      new RegExp(
        String.raw`Table pets does not exist in schema first of database \w+ \(there is ${SCHEMA}\.pets\)`,
      ),
    );
  });
});

it.each([
  ['that does not exist', `tenat1,${SCHEMA}`, 'CREATE SCHEMA "tenat1"'],
  ['in quotes that does not exist', `"Tenant 1",${SCHEMA}`, 'CREATE SCHEMA "Tenant 1"'],
])('a schema %s, and was typed, is not passed over', async (_, searchPath, advice) => {
  const database = await migratedAnd('CREATE SCHEMA tenant1');
  const url = withPath(database, searchPath.replaceAll(' ', '\\ '));
  const { code, stderr } = await sequelizeCli('db:migrate', url);
  expect(code).toBe(1);
  expect(stderr).toContain('The search_path that was typed begins with schema');
  expect(stderr).toContain(advice);
});

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

it.each([`pg_temp,${SCHEMA}`, `"$user",pg_temp,${SCHEMA}`])(
  'with search_path %s, no migration is logged whose tables are temporary',
  async (searchPath) => {
    const database = await createDatabase();
    const url = withPath(database, searchPath);
    await expect(migrate({ url }, (umzug) => umzug.up())).rejects.toThrow(
      'in the schema for temporary ones, where they are gone when the session ends. Nothing was changed.',
    );
    expect(await logIn(database, SCHEMA).catch(() => [])).toEqual([]);
  },
);

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
  await expect(differencesFromModels(database.url, await modelsOf(fixtureProject()))).rejects.toThrow(
    message,
  );
});
