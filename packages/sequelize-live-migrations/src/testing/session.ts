import type { Client } from 'pg';
import {
  connectionFromUrl,
  type DriverOptions,
  messageOf,
  sessionOpener,
  urlOfSibling,
} from '../configuration';
import { MAINTENANCE_DATABASES } from '../postgres';

/**
 * The database in which the runs on a server have their locks, since an advisory lock belongs to one database
 * (PostgreSQL manual, 13.3.5). createdb and `db:create` connect to it as well.
 */
const [MAINTENANCE] = MAINTENANCE_DATABASES;

const WAIT_MS = 60_000;

/**
 * Opens a session on a database.
 *
 * @throws with what to change, in one line, where it cannot be reached
 */
async function openSessionAt(
  url: string,
  source = 'the URL of the test database',
  options?: DriverOptions,
): Promise<Client> {
  return sessionOpener(connectionFromUrl('The URL of the test database', url), source, options)();
}

/**
 * Opens a session to create and drop databases in.
 *
 * @param url of any database of the server
 * @param source where that URL is configured, for messages
 * @throws with what to change, in one line, where the server cannot be reached
 */
export function openSession(url: string, source: string | undefined): Promise<Client> {
  return openSessionAt(urlOfSibling(url, MAINTENANCE), source, { needs: 'writes' });
}

/** Opens a session to create and drop databases in, runs `work`, and closes the session. */
export function inSession<T>(url: string, work: (session: Client) => Promise<T>): Promise<T> {
  return inSessionAt(urlOfSibling(url, MAINTENANCE), work);
}

/** Opens a session on a database, runs `work`, and closes the session. */
export async function inSessionAt<T>(url: string, work: (session: Client) => Promise<T>): Promise<T> {
  const session = await openSessionAt(url);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/**
 * Prepares a session for holding locks as long as tests run: the server soon notices when the client's machine is gone,
 * does not end the session for being idle, and limits each wait for a lock.
 */
export async function keepOpen(session: Client): Promise<void> {
  session.on('error', (error) => {
    console.error(
      `${messageOf(error)}. The connection that protects the test databases is gone: another run may drop them.`,
    );
  });
  await session.query(
    `SELECT set_config(name, required.value, false)
     FROM pg_settings JOIN (VALUES ('tcp_keepalives_idle', '30'), ('idle_session_timeout', '0'),
       ('lock_timeout', $1)) AS required(name, value) USING (name)`,
    [String(WAIT_MS)],
  );
}

/** Locks a name in shared mode, like any number of other sessions, until the session ends, however it ends. */
export async function lockShared(session: Client, name: string): Promise<void> {
  await session.query('SELECT pg_advisory_lock_shared(hashtextextended($1, 0))', [name]);
}

/** Runs `work` with an exclusive lock on a name, for which it waits. */
export async function withLock(session: Client, name: string, work: () => Promise<void>): Promise<void> {
  await session.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
  await whileLocked(session, name, work);
}

/** Runs `work` with an exclusive lock on a name, unless another session has a lock on it. */
export async function ifNotLocked(session: Client, name: string, work: () => Promise<void>): Promise<void> {
  const { rows } = await session.query<{ acquired: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS acquired',
    [name],
  );
  if (rows[0]?.acquired) await whileLocked(session, name, work);
}

async function whileLocked(session: Client, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }
}
