import { quoteIdentifier, SQLSTATE, sqlStateOf, type TableLock, type TableLockMode } from '../../postgres';
import type { Limits } from '../runner';

/** A table as a lock names it. */
export interface Relation {
  /** In words. */
  readonly name: string;
  /** In SQL, with its schema where that is known. */
  readonly sql: string;
}

export function relationNamed(name: string, schema?: string): Relation {
  return { name, sql: [...(schema === undefined ? [] : [schema]), name].map(quoteIdentifier).join('.') };
}

/** The tables that some locks are on, each once. */
export function relationsOf(locks: readonly TableLock[] | undefined, schema: string): Relation[] {
  return [...new Set(locks?.map(({ table }) => table))].map((table) => relationNamed(table, schema));
}

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

/** Whether the server gave up waiting for a lock, or was told to, or ended a deadlock. */
export function isLockTimeout(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SQLSTATE.lockNotAvailable || state === SQLSTATE.deadlockDetected;
}

export function lockTableSql(relations: readonly Relation[], mode: TableLockMode): string {
  const names = [...new Set(relations.map(({ sql }) => sql))].sort();
  return `LOCK TABLE ${names.join(', ')} IN ${mode} MODE`;
}

/**
 * The first of the two rungs to a strong lock. It makes nobody wait, and an autovacuum that stands in the way
 * gives up for it once the server has looked for a deadlock, which is why it waits for longer than
 * `deadlock_timeout`. Who asks for the strong lock straight away has every query of the service queue up behind it
 * meanwhile.
 */
export function nonBlockingTimeoutsSql({ lockWaitMs, longStatementMs }: Limits): string {
  return timeoutsSql(`least(${DEADLOCK_TIMEOUT_MS} + 1000, ${String(lockWaitMs)})`, String(longStatementMs));
}

/**
 * The second one takes all tables in one statement, for a moment: `lock_timeout` holds for each table, so
 * `statement_timeout` bounds them together; and both stay below `deadlock_timeout`, so that of two who wait for
 * each other it is always this one that gives way, and never the service (manual, 20.12). They hold on for what
 * comes after: a statement that is unexpectedly slow, or needs yet another lock.
 */
export function blockingTimeoutsSql(timeoutMs: number): string {
  const milliseconds = belowDeadlockTimeout(timeoutMs);
  return timeoutsSql(milliseconds, milliseconds);
}

/** An SQL expression for so many milliseconds, or as many as are safe. */
export function belowDeadlockTimeout(milliseconds: number): string {
  return `greatest(1, least(${String(milliseconds)}, 0.8 * ${DEADLOCK_TIMEOUT_MS}))`;
}

const DEADLOCK_TIMEOUT_MS = "1000 * extract(epoch FROM current_setting('deadlock_timeout')::interval)";

/** Sets both timeouts to what SQL expressions make of them. */
function timeoutsSql(lockMs: string, statementMs: string): string {
  const set = (name: string, milliseconds: string) =>
    `set_config('${name}', (${milliseconds})::int::text, true)`;
  return `SELECT ${set('lock_timeout', lockMs)}, ${set('statement_timeout', statementMs)}`;
}
