import { SQLSTATE, sqlStateOf } from '../errors';
import { stopsWrites, strongest, type TableLock, type TableLockMode } from '../locks';
import { quoteIdentifier } from '../names';
import type { Limits } from '../runner';
import type { Query } from './index';

/** An attempt at a lock that came to nothing, because somebody else holds what it needs. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';

  constructor(
    readonly mode: TableLockMode,
    cause: unknown,
  ) {
    super(`no ${mode} lock could be had`, { cause });
  }
}

/**
 * Locks tables for the rest of a transaction, in two rungs. The first, SHARE UPDATE EXCLUSIVE, makes nobody
 * wait, and an autovacuum that stands in the way gives up for it, once the server has looked for a deadlock;
 * who asks for the strong lock straight away has every query of the service queue up behind it meanwhile.
 * The second takes all tables in one statement, for a moment: `lock_timeout` holds for each table, so
 * `statement_timeout` bounds them together; and both stay below `deadlock_timeout`, so that of two who wait for
 * each other it is always this one that gives way, and never the service (manual, 20.12).
 *
 * They hold on for what comes after: a statement that is unexpectedly slow, or needs yet another lock, does not
 * keep the service waiting for longer than that.
 *
 * @throws LockTimeoutError with the transaction to be rolled back
 */
export async function lockTables(
  query: Query,
  { schema, locks, timeoutMs, limits }: TablesToLock,
): Promise<void> {
  const names = [...new Set(locks.map(({ table }) => table))].sort();
  const list = names.map((name) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`).join(', ');
  const lock = async (mode: TableLockMode, milliseconds: string) => {
    await query(timeoutsSql(milliseconds, milliseconds));
    await query(`LOCK TABLE ${list} IN ${mode} MODE`).catch((error: unknown) => {
      throw isLockTimeout(error) ? new LockTimeoutError(mode, error) : error;
    });
  };
  const weak = `${DEADLOCK_TIMEOUT_MS} + 1000`;
  await lock('SHARE UPDATE EXCLUSIVE', weak);
  const mode = strongest(locks);
  if (stopsWrites(mode)) {
    await lock(mode, `greatest(1, least(${String(timeoutMs)}, 0.8 * ${DEADLOCK_TIMEOUT_MS}))`);
  } else {
    await query(timeoutsSql(weak, String(limits.longStatementMs)));
  }
}

export interface TablesToLock {
  readonly schema: string;
  readonly locks: readonly TableLock[];
  /** For how long a lock that stops writes is waited for. */
  readonly timeoutMs: number;
  readonly limits: Limits;
}

function isLockTimeout(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && LOCK_TIMEOUTS.includes(state);
}

const LOCK_TIMEOUTS: readonly string[] = [
  SQLSTATE.lockNotAvailable,
  SQLSTATE.deadlockDetected,
  SQLSTATE.queryCanceled,
];

const DEADLOCK_TIMEOUT_MS = "1000 * extract(epoch FROM current_setting('deadlock_timeout')::interval)";

/** Sets both timeouts to what SQL expressions make of them. */
function timeoutsSql(lockMs: string, statementMs: string): string {
  const set = (name: string, milliseconds: string) =>
    `set_config('${name}', (${milliseconds})::int::text, true)`;
  return `SELECT ${set('lock_timeout', lockMs)}, ${set('statement_timeout', statementMs)}`;
}
