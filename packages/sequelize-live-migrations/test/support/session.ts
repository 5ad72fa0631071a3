import { Client } from 'pg';
import { type AdvisoryLock, lockArguments } from '../../src/postgres';
import type { TestDatabase } from './database';
import { eventually } from './eventually';

const open: Client[] = [];

/** A session of somebody else's, with an application name, which stays open. */
export async function openSession({ url }: TestDatabase, name = 'somebody'): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on('error', () => undefined); // its database is dropped at the end
  await client.connect();
  open.push(client);
  return client;
}

export async function closeSessions(): Promise<void> {
  await Promise.all(open.splice(0).map((client) => client.end()));
}

/** Waits until some session of a database waits for a lock. */
export async function untilSomebodyWaits(database: TestDatabase): Promise<void> {
  await eventually('a session waits for a lock', async () => (await waitingSessions(database)).length > 0);
}

/** Waits until so many sessions have locks on a table. */
export async function untilLocked(database: TestDatabase, table: string, count: number): Promise<void> {
  await eventually(`${String(count)} sessions have locked ${table}`, async () => {
    const holders = await database.query(
      `SELECT DISTINCT pid FROM pg_locks WHERE relation = '${table}'::regclass`,
    );
    return holders.length >= count;
  });
}

/** Waits until sessions of a database have waited for a lock so many times: one attempt after the other, each seen. */
export async function untilAttempts(database: TestDatabase, count: number): Promise<void> {
  const seen = new Set<unknown>();
  await eventually(`${String(count)} attempts at a lock`, async () => {
    for (const { since } of await waitingSessions(database)) seen.add(since);
    return seen.size >= count;
  });
}

/** Waits until an attempt at a lock has been made, and given up. */
export async function untilAttemptFails(database: TestDatabase): Promise<void> {
  await untilSomebodyWaits(database);
  await eventually('the attempt ends', async () => (await waitingSessions(database)).length === 0);
}

/** Has another session read a table in a transaction until something that wants its lock has given up an attempt. */
export async function whileRead<T>(
  database: TestDatabase,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  const holder = await openSession(database, 'the application');
  await holder.query(`BEGIN; SELECT FROM ${table}`);
  const done = work();
  await untilAttemptFails(database);
  await holder.query('COMMIT');
  return done;
}

/** The sessions of a database that wait for a lock, and since when they do. */
export function waitingSessions(database: TestDatabase): Promise<Record<string, unknown>[]> {
  return database.query(`SELECT application_name AS name, query_start::text AS since FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`);
}

/** Has the server look for deadlocks sooner than after a second, in sessions that are opened from now on. */
export async function hurryDeadlockChecks(database: TestDatabase): Promise<void> {
  await database.query(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 100', current_database()); END $$",
  );
  await database.disconnect();
}

/** Waits until the server has looked whether a session that waits for a table is in a deadlock. */
export async function untilDeadlockCheck(database: TestDatabase): Promise<void> {
  const waited = `SELECT FROM pg_locks WHERE locktype = 'relation' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND clock_timestamp() - waitstart > 2 * current_setting('deadlock_timeout')::interval`;
  await eventually('a deadlock is looked for', async () => (await database.query(waited)).length > 0);
}

/** A session that holds a lock, and how a run that waits for it names it. */
export async function hold(lock: AdvisoryLock, database: TestDatabase) {
  const holder = await openSession(database, 'the other one');
  const { rows } = await holder.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid FROM pg_advisory_lock(${lockArguments(lock)})`,
  );
  return { holder, who: `pid ${String(rows[0]?.pid)}, application the other one, connected since` };
}
