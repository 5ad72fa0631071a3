import { createDatabase, createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { dbPlan, planOf } from '../support/db-plan';
import { migrate } from '../support/first-five';
import { runScript } from '../support/psql';
import { SCHEMA, schemaOf } from '../support/schema';

afterAll(() => dropDatabases());

async function stateOf(database: TestDatabase) {
  const tables = await database.query(
    `SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = '${SCHEMA}'::regnamespace ORDER BY 1`,
  );
  const rows: unknown[] = [];
  for (const { name } of tables) {
    rows.push(
      name,
      await database.query(`SELECT to_jsonb(t) AS row FROM ${String(name)} t ORDER BY to_jsonb(t)::text`),
    );
  }
  return { schema: await schemaOf(database), rows };
}

/** A database on which everything was undone, with rows that are kept aside. */
async function undone(): Promise<TestDatabase> {
  const database = await createDatabaseLike('3-created-by-sequelize-sync');
  await migrate(database, (umzug) => umzug.up());
  await migrate(database, (umzug) => umzug.down({ to: 0 }));
  return database;
}

/** The same, where a newer release has made the table again. */
async function replaced(): Promise<TestDatabase> {
  const database = await undone();
  await database.query('CREATE TABLE conversation_messages (id uuid PRIMARY KEY, session_id uuid NOT NULL)');
  return database;
}

it.each<[string, () => Promise<TestDatabase>]>([
  ['an empty database', () => createDatabase()],
  ...[
    '1-before-the-migrations',
    '2-newer-service-booted-first',
    '3-created-by-sequelize-sync',
    '4-migrated-by-the-javascript-files',
  ].map((dump): [string, () => Promise<TestDatabase>] => [dump, () => createDatabaseLike(dump)]),
  ['one on which everything was undone', undone],
  ['one on which something was made in place of what was undone', replaced],
])('run by psql, the plan does what db:migrate does, and planning changes nothing: %s', async (_, start) => {
  const original = await start();
  const before = await stateOf(original);
  const script = await planOf(original);
  expect(await stateOf(original)).toEqual(before);

  const [migrated, scripted] = [await createDatabase(original), await createDatabase(original)];
  await migrate(migrated, (umzug) => umzug.up());
  await runScript(scripted, script);
  expect(await stateOf(scripted)).toEqual(await stateOf(migrated));
});

it('a migration that would be refused is refused, with exit code 1', async () => {
  const database = await createDatabaseLike('1-before-the-migrations');
  await database.query('ALTER TABLE user_sessions ADD COLUMN status text');
  const { code, stdout, stderr } = await dbPlan(database);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(
    'column user_sessions.status: expected type enum_user_sessions_status, found type text',
  );
});
