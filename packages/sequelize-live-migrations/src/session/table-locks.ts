import {
  DEADLOCK_TIMEOUT_MS,
  type Query,
  quoteIdentifier,
  quoteLiteral,
  quoteQualified,
  SQLSTATE,
  sqlStateOf,
  TABLE_LOCK_MODES,
  type TableLock,
  type TableLockMode,
} from '../postgres';
import type { Limits } from './runner';

/** A table to lock. */
export interface Relation {
  /** For messages. */
  readonly name: string;
  /** For SQL, with its schema where that is known. */
  readonly sql: string;
}

export function relationNamed(name: string, schema?: string): Relation {
  return { name, sql: schema === undefined ? quoteIdentifier(name) : quoteQualified(schema, name) };
}

/** What messages call some tables, also where it is not known which. */
export function namesOf(relations: readonly Relation[]): string {
  return relations.map(({ name }) => name).join(' and ') || 'a table';
}

/** An SQL expression for an array of their oids. */
export function oidsSql(relations: readonly Relation[]): string {
  return `ARRAY[${relations.map(({ sql }) => `to_regclass(${quoteLiteral(sql)})`).join(', ')}]::oid[]`;
}

/** The tables that some locks are on, each once. */
export function relationsOf(locks: readonly TableLock[] | undefined, schema: string): Relation[] {
  return [...new Set(locks?.map(({ table }) => table))].map((table) => relationNamed(table, schema));
}

/** An attempt at a lock that has failed, because another session holds one that conflicts. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';

  constructor(
    readonly mode: TableLockMode,
    cause: unknown,
  ) {
    super(`could not acquire a ${mode} lock`, { cause });
  }
}

/** Whether a wait for a lock has timed out, or ended in a deadlock. */
export function isLockTimeout(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SQLSTATE.lockNotAvailable || state === SQLSTATE.deadlockDetected;
}

/**
 * Acquires locks that block neither reads nor writes, before those that do: see `nonBlockingTimeoutsSql`.
 *
 * @throws LockTimeoutError, after which the transaction has to be rolled back
 */
export async function takeNonBlockingLocks(query: Query, statements: readonly string[]): Promise<void> {
  await query(statements.join(';\n')).catch((error: unknown) => {
    throw isLockTimeout(error) ? new LockTimeoutError('SHARE UPDATE EXCLUSIVE', error) : error;
  });
}

export function lockTableSql(relations: readonly Relation[], mode: TableLockMode): string {
  const names = [...new Set(relations.map(({ sql }) => sql))].sort();
  return `LOCK TABLE ${names.join(', ')} IN ${mode} MODE`;
}

/** The statements that lock some tables, each in its mode. */
export function lockTablesSql(locks: readonly TableLock[], schema: string): string[] {
  return TABLE_LOCK_MODES.flatMap((mode) => {
    const tables = relationsOf(
      locks.filter((lock) => lock.mode === mode),
      schema,
    );
    return tables.length > 0 ? [lockTableSql(tables, mode)] : [];
  });
}

/**
 * The timeouts for the first of two steps to a lock that blocks the application: a lock in SHARE UPDATE EXCLUSIVE mode,
 * which blocks neither reads nor writes. An autovacuum that blocks it is cancelled by the server's deadlock check, so the
 * wait is longer than `deadlock_timeout`. Without this step, every query of the application would queue behind the wait
 * for the blocking lock.
 */
export function nonBlockingTimeoutsSql(
  { lockWaitMs, longStatementMs }: Limits,
  deadlockTimeoutMs: number,
): string[] {
  return timeoutsSql(Math.min(deadlockTimeoutMs + 1000, lockWaitMs), longStatementMs);
}

/**
 * The timeouts for the second step, which briefly locks all tables. Both are below `deadlock_timeout`, so that in a
 * deadlock it is always the migration that times out, and never the application's transaction that is cancelled (manual,
 * 20.12).
 */
export function blockingTimeoutsSql(timeoutMs: number, deadlockTimeoutMs: number): string[] {
  const milliseconds = belowDeadlock(timeoutMs, deadlockTimeoutMs);
  return timeoutsSql(milliseconds, milliseconds);
}

function belowDeadlock(timeoutMs: number, deadlockTimeoutMs: number): number {
  return Math.max(1, Math.min(timeoutMs, Math.floor(0.8 * deadlockTimeoutMs)));
}

/** The timeout for statements of which nobody knows what they lock: whoever waits behind them does so only briefly. */
export function shortWaitsSql(timeoutMs: number, deadlockTimeoutMs: number): string[] {
  return [`SET LOCAL lock_timeout = ${String(belowDeadlock(timeoutMs, deadlockTimeoutMs))}`];
}

/**
 * The timeout for the statements under those locks, in case one is unexpectedly slow: an event trigger may take its time.
 * What else they have to wait for keeps the shorter one.
 */
export function lockedTimeoutsSql({ lockTimeoutMs }: Limits): string[] {
  return [`SET LOCAL statement_timeout = ${String(lockTimeoutMs)}`];
}

/** An SQL expression for a number of milliseconds, or less where that is needed to stay below `deadlock_timeout`. */
export function belowDeadlockTimeout(milliseconds: number): string {
  return `greatest(1, least(${String(milliseconds)}, 0.8 * ${DEADLOCK_TIMEOUT_MS}))`;
}

function timeoutsSql(lockMs: number, statementMs: number): string[] {
  return [
    `SET LOCAL lock_timeout = ${String(lockMs)}`,
    `SET LOCAL statement_timeout = ${String(statementMs)}`,
  ];
}
