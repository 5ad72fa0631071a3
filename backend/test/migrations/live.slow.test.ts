import type { Umzug } from 'umzug';
import { createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { createFirstFiveDatabase, migrate } from '../support/first-five';
import {
  closeSessions,
  hurryDeadlockChecks,
  openSession,
  untilAttempts,
  untilSomebodyWaits,
} from '../support/session';
import { SCHEMA } from '../support/schema';

// What the five migrations do to tables with rows, as PostgreSQL itself sees it: an event trigger fails them if
// they rewrite a table, or have read more than a few rows of one while they hold a lock that stops its writes.

afterAll(() => dropDatabases());

const FEW = 10;
const WATCH = `
  CREATE FUNCTION no_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE '% rewrites %', tg_tag, pg_event_trigger_table_rewrite_oid()::regclass; END $$;
  CREATE EVENT TRIGGER no_rewrite ON table_rewrite EXECUTE FUNCTION no_rewrite();
  CREATE FUNCTION no_scan() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE its record; before text; at_first text;
    BEGIN
      FOR its IN SELECT DISTINCT relation::regclass AS name, pg_stat_get_xact_tuples_returned(relation) AS read
        FROM pg_locks JOIN pg_class c ON c.oid = relation AND relkind = 'r' AND relnamespace = '${SCHEMA}'::regnamespace
        WHERE pid = pg_backend_pid() AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
      LOOP
        -- The server counts on from one transaction to the next: what it had counted when this one began to change something.
        at_first := 'watch.read_' || its.name::oid;
        before := nullif(current_setting(at_first, true), '');
        IF its.read - before::bigint > ${FEW} THEN
          RAISE '% has read % rows of %, which nobody can write to', tg_tag, its.read - before::bigint, its.name;
        END IF;
        PERFORM set_config(at_first, coalesce(before, its.read::text), true);
      END LOOP;
    END $$;
  CREATE EVENT TRIGGER begins ON ddl_command_start EXECUTE FUNCTION no_scan();
  CREATE EVENT TRIGGER ends ON ddl_command_end EXECUTE FUNCTION no_scan()`;

const ROWS = `
  INSERT INTO user_sessions (session_id, project_name, last_active) SELECT gen_random_uuid(), 'A project', now() FROM generate_series(1, 300);
  INSERT INTO sections (session_id, name, "createdAt", "updatedAt") SELECT session_id, 'goals', now(), now() FROM user_sessions;`;
const MESSAGES = `
  INSERT INTO conversation_messages (id, session_id, role, content) SELECT gen_random_uuid(), session_id, 'user', 'Hello' FROM user_sessions;`;

async function filesOf(database: TestDatabase) {
  return database.query(
    `SELECT oid, relfilenode FROM pg_class WHERE relkind = 'r' AND relnamespace = '${SCHEMA}'::regnamespace
     AND relname <> 'SequelizeMeta' ORDER BY oid`,
  );
}

async function watched(database: TestDatabase, sql: string): Promise<TestDatabase> {
  await database.query(`${sql}; ${WATCH}`);
  return database;
}

const up = (umzug: Umzug) => umzug.up();
const back = (umzug: Umzug) => umzug.down({ to: 0 });

it.each<[string, () => Promise<TestDatabase>]>([
  [
    'a service before the migrations',
    async () => watched(await createDatabaseLike('1-before-the-migrations'), ROWS),
  ],
  [
    'a service that made its tables by sync()',
    async () => watched(await createDatabaseLike('3-created-by-sequelize-sync'), ROWS + MESSAGES),
  ],
  [
    'a service that has run the JavaScript migrations',
    async () => watched(await createDatabaseLike('4-migrated-by-the-javascript-files'), ROWS + MESSAGES),
  ],
])(
  'forwards, back and forwards again, no migration rewrites a table or reads one under a strong lock: %s',
  async (_, start) => {
    const database = await start();
    const before = await filesOf(database);
    for (const turn of [up, back, up]) {
      await migrate(database, turn);
      expect(await filesOf(database)).toEqual(expect.arrayContaining(before));
    }
  },
);

it.each([
  [
    'reads the table',
    'BEGIN; LOCK sections; ALTER TABLE sections ALTER section_content SET NOT NULL',
    'rows of sections, which nobody can write to',
  ],
  [
    'builds an index',
    'BEGIN; LOCK sections; CREATE INDEX ON sections (validation_state)',
    'rows of sections, which nobody can write to',
  ],
  ['rewrites the table', 'ALTER TABLE sections ALTER id TYPE bigint', 'rewrites sections'],
])('and a statement that %s would have been seen', async (_, sql, message) => {
  const database = await watched(await createFirstFiveDatabase(), ROWS);
  await database.query("UPDATE sections SET section_content = ''");
  await expect(database.query(sql)).rejects.toThrow(message);
});

it('a lock on the migration log is waited for with no other lock held, and whoever has it is named', async () => {
  const database = await createDatabaseLike('1-before-the-migrations');
  await migrate(database, (umzug) => umzug.up({ to: '20250722-create-user-sessions-and-sections.js' }));
  await hurryDeadlockChecks(database); // an attempt takes a second more than they do
  const session = await openSession(database, 'a backup');
  await session.query('BEGIN; LOCK TABLE "SequelizeMeta" IN SHARE MODE');
  const done = migrate(database, up);
  await untilSomebodyWaits(database);
  const service = await openSession(database);
  await service.query('SET lock_timeout = 10; UPDATE user_sessions SET user_id = $$somebody$$');
  await untilAttempts(database, 2);
  await session.query('COMMIT');
  expect(await done).toMatch(
    /waiting for a lock on SequelizeMeta: pid \d+, application a backup, idle in transaction/,
  );
  await closeSessions();
});
