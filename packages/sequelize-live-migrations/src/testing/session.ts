import type { Client } from 'pg';
import { clientOptions, connectionFromUrl, explainingDriver, urlOfSibling } from '../configuration';

/**
 * Where all runs on a server meet: an advisory lock belongs to one database (PostgreSQL manual, 13.3.5). The one
 * that createdb and `db:create` connect to, too.
 */
const MAINTENANCE = 'postgres';

const WAIT_MS = 60_000;

/**
 * Opens a session on a database.
 *
 * @throws in one line what to change where it cannot be reached
 */
async function openSessionAt(url: string): Promise<Client> {
  const driver = explainingDriver();
  const connection = connectionFromUrl('The URL of the test database', url);
  const session = new driver.Client(clientOptions(connection));
  session.on('error', () => undefined); // a query that it cuts short is rejected as well
  await new Promise<void>((resolve, reject) => {
    session.connect((error: Error | null) => (error ? reject(error) : resolve()));
  });
  return session;
}

/**
 * Opens a session to create and drop databases in.
 *
 * @param url of any database of the server
 * @throws in one line what to change where the server cannot be reached
 */
export function openSession(url: string): Promise<Client> {
  return openSessionAt(urlOfSibling(url, MAINTENANCE));
}

/** Opens a session to create and drop databases in for some work, and closes it. */
export function inSession<T>(url: string, work: (session: Client) => Promise<T>): Promise<T> {
  return inSessionAt(urlOfSibling(url, MAINTENANCE), work);
}

/** Opens a session on a database for some work, and closes it. */
export async function inSessionAt<T>(url: string, work: (session: Client) => Promise<T>): Promise<T> {
  const session = await openSessionAt(url);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/**
 * Readies a session for holding claims as long as tests run: the server soon notices when the machine at the other
 * end is gone, does not end the session for being idle, and does not let it wait for ever.
 */
export async function keepOpen(session: Client): Promise<void> {
  session.on('error', () => {
    console.error('The connection that protects the test databases is gone: another run may drop them.');
  });
  await session.query(
    `SELECT set_config(name, wanted.value, false)
     FROM pg_settings JOIN (VALUES ('tcp_keepalives_idle', '30'), ('idle_session_timeout', '0'),
       ('lock_timeout', $1)) AS wanted(name, value) USING (name)`,
    [String(WAIT_MS)],
  );
}

/** Claims a name until the session ends, however it ends. Any number of sessions may claim the same name. */
export async function claim(session: Client, name: string): Promise<void> {
  await session.query('SELECT pg_advisory_lock_shared(hashtextextended($1, 0))', [name]);
}

/** Does some work while nobody else does it under this name; waits for its turn. */
export async function inTurn(session: Client, name: string, work: () => Promise<void>): Promise<void> {
  await session.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
  try {
    await work();
  } finally {
    await unlock(session, name);
  }
}

/** Does some work unless a session claims the name, which nobody can begin to do meanwhile. */
export async function unlessClaimed(session: Client, name: string, work: () => Promise<void>): Promise<void> {
  const { rows } = await session.query<{ free: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free',
    [name],
  );
  if (!rows[0]?.free) return;
  try {
    await work();
  } finally {
    await unlock(session, name);
  }
}

async function unlock(session: Client, name: string): Promise<void> {
  await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
}
