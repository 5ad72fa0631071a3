import { createDatabase } from '../support/database';
import { KIND, MIGRATIONS, PETS } from '../support/fixture-project';
import { migrate } from '../support/migrator';
import {
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

const migratedAnd = useMigrated();

it.each<[string, (role: string, database: string) => string]>([
  ['a schema named as the role', (role) => `CREATE SCHEMA AUTHORIZATION ${role}`],
])('%s that comes before the one with the log is no second set of tables', async (_, sqlFor) => {
  const { database, url } = await migratedForOwner(migratedAnd, sqlFor);
  const before = await schemaOf(database);
  const refused = 'in a later schema. Nothing was changed.';
  expect(await refusalsOf(url)).toEqual(Array(4).fill(expect.stringContaining(refused)));
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

it.each([['that does not exist', `tenat1,${SCHEMA}`, 'CREATE SCHEMA "tenat1"']])(
  'a schema %s, and was typed, is not passed over',
  async (_, searchPath, advice) => {
    const database = await migratedAnd('CREATE SCHEMA tenant1');
    expect(await typedSchemaRefusal(database, searchPath)).toContain(advice);
  },
);

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
