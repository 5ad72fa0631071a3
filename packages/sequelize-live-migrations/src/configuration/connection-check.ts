import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { HAS_CITUS, quoteIdentifier } from '../postgres';
import { ConfigurationError } from './errors';

/**
 * What a command needs of a connection: an answer; that it is to a primary; that the session is its own, with its settings
 * and locks; or that, and to write as well.
 */
export type Needs = 'answer' | 'primary' | 'session' | 'writes';

/** A connection to check. */
interface Checked {
  readonly client: Client;
  /** Connects in the same way, and is not connected yet. */
  readonly another: Client;
  /** Where the connection is configured, for messages. */
  readonly place: string;
}

/**
 * Finds out whether a connection can do what a command needs, before anything else is sent on it: so nothing is left
 * behind, no lock and no setting, where it cannot. One message to the server, unless a pooler stands between.
 *
 * @throws ConfigurationError in one line, with the way out
 */
export async function assertFit(connection: Checked, needs: Needs): Promise<void> {
  const { client } = connection;
  const { pid, isStandby, isReadOnly, hasCitus } = await stateOf(client);
  if (needs === 'answer') return;
  if (needs === 'primary') {
    if (isStandby) throw standby(connection);
    return;
  }
  // A pooler cancels queries for its clients, so it gives them process ids of its own at the start.
  const isDirect = 'processID' in client && client.processID === pid;
  if (!isDirect && (await isSessionShared(connection, pid))) throw shared(connection);
  if (hasCitus) await assertCoordinator(connection);
  if (needs === 'session') {
    if (isStandby) console.warn(noteOfStandby(connection));
    return;
  }
  if (isStandby) throw standby(connection);
  if (isReadOnly) throw await readOnly(connection);
}

/** What a server says of a session. */
export interface State {
  readonly pid: number;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly hasCitus: boolean;
}

export async function stateOf(client: Client): Promise<State> {
  const { rows } = await client.query<State>(
    `SELECT pg_backend_pid() AS pid, pg_is_in_recovery() AS "isStandby",
       current_setting('transaction_read_only')::boolean AS "isReadOnly",
       ${HAS_CITUS} AS "hasCitus"`,
  );
  const [state] = rows;
  if (!state) throw new Error('The server does not say which session this is.');
  return state;
}

/** How long to wait for a second session. A pool of sessions may have none left. */
const SECOND_SESSION_MS = 2000;

/** How often two connections are compared: a pool that others use may not give them the same session at once. */
const COMPARISONS = 10;

/**
 * Whether others use the session of a connection between two of its messages: a pool of transactions or statements gives
 * one session to two connections, or several to one.
 */
async function isSessionShared({ client, another }: Checked, pid: number): Promise<boolean> {
  another.on('error', () => undefined); // its query is rejected as well
  const other = another.connect().then(() => stateOf(another));
  const theirs = await Promise.race([
    other.catch(() => undefined),
    sleep(SECOND_SESSION_MS, undefined, { ref: false }),
  ]);
  try {
    for (let n = 0; n < COMPARISONS; n += 1) {
      if (theirs?.pid === pid || (await stateOf(client)).pid !== pid) return true;
      if (theirs && (await stateOf(another)).pid !== theirs.pid) return true;
    }
    return false;
  } finally {
    void another.end();
  }
}

/** Each node of Citus has a migration log of its own, and of a table that is not distributed only the coordinator has rows. */
async function assertCoordinator({ client, place }: Checked): Promise<void> {
  const { rows } = await client.query<{ isWorker: boolean; coordinator: string | null }>(
    `SELECT groupid <> 0 AS "isWorker",
       (SELECT nodename || ':' || nodeport FROM pg_dist_node WHERE groupid = 0 LIMIT 1) AS coordinator
     FROM pg_dist_local_group`,
  );
  const [local] = rows;
  if (local?.isWorker !== true) return;
  const where = local.coordinator === null ? '' : `, ${local.coordinator},`;
  throw new ConfigurationError(
    `The server at ${addressOf(client)} is a worker of a Citus cluster, and migrations run on the coordinator. Nothing was ` +
      `done. Name the coordinator${where} in ${place}.`,
  );
}

function shared({ client, place }: Checked): ConfigurationError {
  return new ConfigurationError(
    `The connection to ${addressOf(client)} is pooled: one session of the server serves several connections in ` +
      'turn, and a migration needs one of its own, for its locks and settings. Nothing was done. ' +
      `Name the server itself in ${place}, or a pool of sessions (in PgBouncer pool_mode = session).`,
  );
}

function noteOfStandby({ client }: Checked): string {
  return (
    `WARNING: The server at ${addressOf(client)} is a standby: this is what it has replayed so far, and its primary may be ` +
    'ahead of it.'
  );
}

function standby({ client, place }: Checked): ConfigurationError {
  return new ConfigurationError(
    `The server at ${addressOf(client)} is a standby, which accepts no writes. Nothing was done. Name the primary in ` +
      `${place}; where it names several hosts, target_session_attrs=primary finds it.`,
  );
}

async function readOnly({ client, place }: Checked): Promise<ConfigurationError> {
  const { rows } = await client.query<{ source: string }>(
    "SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only'",
  );
  const { user = '', database = '' } = client;
  return new ConfigurationError(
    `The user ${user} may only read in database ${database} at ${addressOf(client)}: default_transaction_read_only is ` +
      `on. Nothing was done. ${writable(rows[0]?.source ?? '', user, database)}, or name a user in ${place} that may write.`,
  );
}

/** What ends that transactions are read-only, by where the setting comes from (manual, 54.24). */
function writable(source: string, user: string, database: string): string {
  const reset = 'RESET default_transaction_read_only';
  switch (source) {
    case 'user':
      return `ALTER ROLE ${quoteIdentifier(user)} ${reset}`;
    case 'database':
      return `ALTER DATABASE ${quoteIdentifier(database)} ${reset}`;
    case 'database user':
      return `ALTER ROLE ${quoteIdentifier(user)} IN DATABASE ${quoteIdentifier(database)} ${reset}`;
    case 'global':
      return `ALTER ROLE ALL ${reset}`;
    case 'client':
      return 'Take it out of the options of the connection';
    default:
      return 'Take it out of the configuration of the server';
  }
}

function addressOf({ host, port }: Client): string {
  return `${host}:${String(port)}`;
}
