import { TABLE_LOCK_MODES, type TableLockMode } from '../postgres';
import { type Relation, relationNamed, type Run, SESSION } from '../session';
import { asClient, type Client, rowsOf } from './stand-in';

const POLL_MS = 20;

/** A session that waits for a lock: the one that is watched, or another one that waits for it. */
export interface Waiting {
  readonly pid: number;
  /** What it waits for, where that is a table. */
  readonly lock: { readonly relation: Relation; readonly mode: TableLockMode } | undefined;
  readonly waitedMs: number;
  /** In words. */
  readonly session: string;
}

/** What was seen of the session that is watched. */
interface Seen {
  /** What it waits for itself: that has a limit, and so has the wait of those behind it. */
  readonly own: Waiting | undefined;
  /** The one that waits for it for longest, where that is too long. */
  readonly tooLong: Waiting | undefined;
  /** Cancels the statement that it runs. */
  readonly cancel: () => void;
}

/**
 * Looks at who waits while a session works, from another connection, until `end` is called. Nothing is asked for in the
 * first 20 ms, so a short migration costs nothing.
 *
 * @param onLook called with what was seen
 */
export function watch(run: Run, pid: number, onLook: (seen: Seen) => void) {
  const { connectionManager } = run.sequelize;
  let pooled: object | undefined;
  let isEnded = false;
  let wake: () => void = () => undefined;
  const isWatching = () => !isEnded;
  const look = async () => {
    pooled ??= await connectionManager.getConnection({ type: 'write' });
    const client = asClient(pooled);
    if (isWatching()) client.unref(); // the process may end while a migration waits for what never happens
    const rows = await rowsOf<Row>(client, waitingSql(pid));
    if (isWatching()) onLook(seenIn(rows.map(waitingOf), pid, run, client));
  };
  const loop = async () => {
    while (isWatching()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, POLL_MS).unref();
      });
      if (isWatching()) await look().catch(() => undefined); // what it sees is of use, but not needed
    }
    if (!pooled) return;
    asClient(pooled).ref();
    connectionManager.releaseConnection(pooled);
  };
  const looped = loop();
  return {
    async end(): Promise<void> {
      isEnded = true;
      if (pooled) asClient(pooled).ref(); // somebody waits for what it does now
      wake();
      await looped;
    },
  };
}

function seenIn(waiting: readonly Waiting[], pid: number, { limits }: Run, client: Client): Seen {
  const [longest] = [...waiting].sort((one, other) => other.waitedMs - one.waitedMs);
  return {
    own: waiting.find((one) => one.pid === pid),
    tooLong: longest && longest.waitedMs > limits.lockTimeoutMs ? longest : undefined,
    cancel: () => void client.query(`SELECT pg_cancel_backend(${String(pid)})`).catch(() => undefined),
  };
}

function waitingSql(pid: number): string {
  return `SELECT l.pid, n.nspname AS schema, c.relname AS name, l.mode, ${SESSION} AS session,
      coalesce(1000 * extract(epoch FROM clock_timestamp() - l.waitstart), 0)::int AS waited
    FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    LEFT JOIN pg_class c ON c.oid = l.relation AND l.locktype = 'relation' LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT l.granted AND (l.pid = ${String(pid)} OR ${String(pid)} = ANY (pg_blocking_pids(l.pid)))`;
}

function waitingOf({ pid, schema, name, mode, session, waited }: Row): Waiting {
  const words = mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
  const known = TABLE_LOCK_MODES.find((tableMode) => tableMode === words);
  const lock =
    name === null || schema === null || known === undefined
      ? undefined
      : { relation: relationNamed(name, schema), mode: known };
  return { pid, lock, waitedMs: waited, session };
}

interface Row {
  readonly pid: number;
  readonly schema: string | null;
  readonly name: string | null;
  readonly mode: string;
  readonly session: string;
  readonly waited: number;
}
