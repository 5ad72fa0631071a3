import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { clientOptions, messageOf, type Connection } from '../configuration';
import { type AdvisoryLock, lockArguments, RUN_LOCK, WORK_LOCK } from '../postgres';

const POLL_MS = 200;

/**
 * Lets one run at a time work on a database: waits until no other run holds the lock, then holds the lock until this
 * process ends, however it ends.
 *
 * Polls, because a session that waits in `pg_advisory_lock` has a snapshot, and a concurrent index build of the run that
 * it waits for would wait for the end of that snapshot: a deadlock. The lock belongs to a session, so it needs a direct
 * connection: a transaction-pooling PgBouncer gives each transaction to another session.
 *
 * @param connection for the session that holds the lock
 * @param waitMs how long to wait for another run
 * @throws when the wait has timed out, with the session of the other run
 */
export async function holdRunLock(connection: Connection, waitMs: number): Promise<void> {
  const session = new Client(clientOptions(connection));
  session.on('error', (error) => {
    console.error(
      `ERROR: ${messageOf(error)}. The connection that holds the lock of this run is gone, and without it another run ` +
        'could start beside this one. What is in an open transaction is rolled back. Run the same command again.',
    );
    process.exit(1);
  });
  await session.connect();
  const deadline = Date.now() + waitMs;
  // The server notices after half a minute when the client's machine is gone.
  await ask(session, "SELECT set_config('tcp_keepalives_idle', '30', false) AS answer");
  await ask(session, "SELECT set_config('idle_session_timeout', '0', false) AS answer"); // it is always idle
  await until(session, RUN_LOCK, 'pg_try_advisory_lock', deadline);
  await until(session, WORK_LOCK, 'pg_try_advisory_xact_lock', deadline);
  if (canUnref(session)) session.unref(); // so that the process ends when its work is done
}

/** A method that node-postgres has for its own pool; its type declarations leave it out. */
function canUnref(session: object): session is { unref(): void } {
  return 'unref' in session && typeof session.unref === 'function';
}

async function until(session: Client, lock: AdvisoryLock, attempt: string, deadline: number) {
  let announced = '';
  while ((await ask(session, `SELECT ${attempt}(${lockArguments(lock)}) AS answer`)) !== true) {
    const blocker = await blockingSessionOf(session, lock);
    if (Date.now() > deadline) {
      throw new Error(
        `Another run is at work on database ${session.database ?? ''}: ${blocker}. The wait for it has timed out; ` +
          'nothing was changed. Run the same command again when it is done; if it hangs, end it with ' +
          'SELECT pg_terminate_backend(PID). MIGRATION_WAIT is the number of seconds to wait.',
      );
    }
    if (blocker !== announced) console.log(`Waiting for another run to end: ${blocker}`);
    announced = blocker;
    await sleep(POLL_MS);
  }
}

async function blockingSessionOf(session: Client, [classId, objectId]: AdvisoryLock): Promise<string> {
  const blocker = await ask(
    session,
    `SELECT format('pid %s, application %s, connected since %s', pid,
       coalesce(nullif(application_name, ''), 'unnamed'), coalesce(backend_start::timestamptz(0)::text, 'unknown')) AS answer
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (classid, objid, objsubid) = (${String(classId)}, ${String(objectId)}, 2) AND granted
       AND pid <> pg_backend_pid()
     ORDER BY backend_start LIMIT 1`,
  );
  return typeof blocker === 'string' ? blocker : 'one that has just ended';
}

async function ask(session: Client, sql: string): Promise<unknown> {
  const { rows } = await session.query<{ answer: unknown }>(sql);
  return rows[0]?.answer;
}
