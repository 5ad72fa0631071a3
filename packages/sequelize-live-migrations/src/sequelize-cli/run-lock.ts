import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { messageOf } from '../configuration';
import { type AdvisoryLock, lockArguments, RUN_LOCK, SQLSTATE, sqlStateOf, WORK_LOCK } from '../postgres';

const POLL_MS = 250;

/** Proxies and firewalls end connections on which nothing is sent, some after a few seconds. */
const PING_MS = 2000;

/**
 * Lets one run at a time work on a database: waits until no other run holds the lock, then holds the lock until this
 * process ends, however it ends.
 *
 * Polls, because a session that waits in `pg_advisory_lock` has a snapshot, and a concurrent index build of the run that
 * it waits for would wait for the end of that snapshot: a deadlock. Between two polls it has no session, because a pool
 * may have only as many as the run at work needs.
 *
 * @param open opens a session, of which the one that acquires the lock holds it
 * @param waitMs how long to wait for another run
 * @returns the version of the server: `17.10`
 * @throws when the wait has timed out, with the session of the other run
 */
export async function holdRunLock(open: () => Promise<Client>, waitMs: number): Promise<string> {
  const deadline = Date.now() + waitMs;
  let announced = '';
  for (;;) {
    const attempt = await attemptWith(open);
    if ('session' in attempt) {
      keep(attempt.session);
      return attempt.version;
    }
    const { waiting, failure } = attempt;
    if (Date.now() > deadline) throw failure;
    if (waiting !== announced) console.log(waiting);
    announced = waiting;
    await sleep(POLL_MS);
  }
}

/** The session that has acquired the lock; or what to print of the wait, and what to throw when it has timed out. */
type Attempt =
  | { readonly session: Client; readonly version: string }
  | { readonly waiting: string; readonly failure: Error };

async function attemptWith(open: () => Promise<Client>): Promise<Attempt> {
  try {
    const session = await open();
    const { lock, version } = await tryToLock(session);
    if (!lock) return { session, version };
    const blocker = await blockingSessionOf(session, lock);
    await session.end();
    return { waiting: `Waiting for another run to end: ${blocker}`, failure: timedOut(session, blocker) };
  } catch (error) {
    if (!(error instanceof Error) || !isExhausted(error)) throw error;
    const why = error.message.replace(/ Run the same command again[^]*/, '');
    return { waiting: `Waiting for a connection: ${why}`, failure: error };
  }
}

/**
 * Acquires the lock of the run, and finds out whether the last statement of a killed one has ended. In the same message, the
 * server's version is asked, and it is told to notice after half a minute when the client's machine is gone, and that a
 * ping may come late.
 *
 * @returns the lock that another session holds, if one does
 */
async function tryToLock(session: Client): Promise<{ lock: AdvisoryLock | undefined; version: string }> {
  const { rows } = await session.query<{ isAlone: boolean | null; version: string }>(
    `SELECT CASE WHEN pg_try_advisory_lock(${lockArguments(RUN_LOCK)})
       THEN pg_try_advisory_xact_lock(${lockArguments(WORK_LOCK)}) END AS "isAlone",
       current_setting('server_version') AS version, set_config('tcp_keepalives_idle', '30', false),
       set_config('idle_session_timeout', '0', false)`,
  );
  const { isAlone = null, version = '' } = rows[0] ?? {};
  if (isAlone === null) return { lock: RUN_LOCK, version };
  return { lock: isAlone ? undefined : WORK_LOCK, version };
}

/** Whether the server, or a pool, has no session to give: others have them, and may end soon. */
function isExhausted(error: Error): boolean {
  return sqlStateOf(error) === SQLSTATE.tooManyConnections || error.message.startsWith('query_wait_timeout');
}

/** Has a session hold its locks until this process ends. */
function keep(session: Client): void {
  session.on('error', (error) => {
    console.error(
      `ERROR: ${messageOf(error)}. The connection that holds the lock of this run is gone, and without it another run ` +
        'could start beside this one. What is in an open transaction is rolled back. Run the same command again.',
    );
    process.exit(1);
  });
  const ping = setInterval(() => {
    session.query('SELECT').catch(() => undefined); // the session has the error as well
  }, PING_MS);
  ping.unref();
  if (canUnref(session)) session.unref(); // so that the process ends when its work is done
}

/** A method that node-postgres has for its own pool; its type declarations leave it out. */
function canUnref(session: object): session is { unref(): void } {
  return 'unref' in session && typeof session.unref === 'function';
}

function timedOut({ database = '' }: Client, blocker: string): Error {
  const [, pid = 'PID'] = /^pid (\d+)/.exec(blocker) ?? [];
  return new Error(
    `Another run is at work on database ${database}: ${blocker}. The wait for it has timed out; ` +
      'nothing was changed. Run the same command again when it is done; if it hangs, end it with ' +
      `SELECT pg_terminate_backend(${pid}). MIGRATION_WAIT is the number of seconds to wait.`,
  );
}

async function blockingSessionOf(session: Client, [classId, objectId]: AdvisoryLock): Promise<string> {
  const { rows } = await session.query<{ blocker: string }>(
    `SELECT format('pid %s, application %s, connected since %s', pid,
       coalesce(nullif(application_name, ''), 'unnamed'), coalesce(backend_start::timestamptz(0)::text, 'unknown')) AS blocker
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (classid, objid, objsubid) = (${String(classId)}, ${String(objectId)}, 2) AND granted
       AND pid <> pg_backend_pid()
     ORDER BY backend_start LIMIT 1`,
  );
  return rows[0]?.blocker ?? 'one that has just ended';
}
