import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { sequelizeCli } from '../support/cli';
import {
  createDatabase,
  dropDatabases,
  createMigratedDatabase,
  type TestDatabase,
} from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { recordsOf } from '../support/schema';
import {
  lockArguments,
  RUN_LOCK,
  WORK_LOCK,
  type AdvisoryLock,
} from '../../../packages/sequelize-live-migrations/src/postgres';

afterAll(() => dropDatabases());

it('eight db:migrate at the same instant on an empty database: all exit 0, each migration applied once', async () => {
  const database = await createDatabase();
  const runs = await Promise.all(Array.from({ length: 8 }, () => sequelizeCli('db:migrate', database.url)));
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(8).fill({ code: 0, stderr: '' }));
  const applied = runs.flatMap(({ stdout }) => stdout.match(/^== .*: migrated/gm) ?? []);
  expect(applied).toHaveLength(MIGRATIONS.length);
  expect(new Set(applied).size).toBe(MIGRATIONS.length);
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});

/** A session that holds a lock, and how a run that waits for it names it. */
async function hold(lock: AdvisoryLock, database: TestDatabase) {
  const holder = new Client({ connectionString: database.url, application_name: 'the other one' });
  await holder.connect();
  const { rows } = await holder.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid FROM pg_advisory_lock(${lockArguments(lock)})`,
  );
  return { holder, who: `pid ${String(rows[0]?.pid)}, application the other one, connected since` };
}

it.each([
  ['another run', RUN_LOCK],
  ['the last statement of a killed one', WORK_LOCK],
])('db:migrate waits for %s, says for whom, and gives up in time', async (_, lock) => {
  const database = await createDatabase();
  const { holder, who } = await hold(lock, database);
  const { code, stdout, stderr } = await sequelizeCli('db:migrate', database.url, {
    env: { MIGRATION_WAIT: '1' },
  });
  await holder.end();
  expect(code).toBe(1);
  expect(stdout).toContain(`Waiting for another run to end: ${who}`);
  expect(stderr).toContain(who);
});

it('db:migrate keeps its lock on a server that ends idle sessions, and ends where it has lost it', async () => {
  const database = await createMigratedDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.query(`ALTER DATABASE ${name} SET idle_session_timeout = '3s'`);
  await database.query(
    `DELETE FROM "SequelizeMeta" WHERE name LIKE '%status%'; ALTER TABLE user_sessions DROP COLUMN status`,
  );
  const reader = new Client({ connectionString: `${database.url}?options=-c%20idle_session_timeout%3D0` });
  await reader.connect();
  await reader.query('BEGIN; SELECT FROM user_sessions');
  const kept = sequelizeCli('db:migrate', database.url);
  const holders = async () => {
    const { rows } = await reader.query<{ pid: number }>(
      `SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database()
       WHERE locktype = 'advisory' AND (classid, objid) = (${RUN_LOCK.join(', ')}) AND granted`,
    );
    return rows.map(({ pid }) => pid);
  };
  while ((await holders()).length === 0) await sleep(50);
  const [pid] = await holders();
  await sleep(3500);
  expect(await holders()).toEqual([pid]);
  await reader.query(`SELECT pg_terminate_backend(${String(pid)})`);
  const { code, stderr } = await kept;
  expect(code).toBe(1);
  expect(stderr).toContain('The connection that holds the lock of this run is gone');
  await reader.end();
  expect((await sequelizeCli('db:migrate', database.url)).code).toBe(0);
});

it('db:migrate:status does not wait; db:migrate goes on when the other run ends, which may build concurrently', async () => {
  const database = await createDatabase();
  const { holder } = await hold(RUN_LOCK, database);
  const waiting = sequelizeCli('db:migrate', database.url);
  expect((await sequelizeCli('db:migrate:status', database.url)).code).toBe(0);
  // Would wait for ever for the snapshot of a run that waits in pg_advisory_lock.
  await holder.query('CREATE TABLE pets (name text)');
  await holder.query('CREATE INDEX CONCURRENTLY ON pets (name)');
  await holder.end();
  expect((await waiting).code).toBe(0);
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});
