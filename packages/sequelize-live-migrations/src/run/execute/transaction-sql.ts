import type { Place } from '../../place';
import { hasUnknown, type Step } from '../../plan';
import { blocksWrites, type TableLock } from '../../postgres';
import {
  blockingTimeoutsSql,
  lockedTimeoutsSql,
  shortWaitsSql,
  lockTablesSql,
  lockTableSql,
  nonBlockingTimeoutsSql,
  relationNamed,
  relationsOf,
  type BlockingLock,
  type Limits,
  type LogChange,
} from '../../session';
import { locksOf } from './locks';

/** A transaction of a plan: the statements that a run sends and that `db:plan` prints. */
export interface TransactionSql {
  /** Acquires locks that block neither reads nor writes, for which it may wait. */
  readonly nonBlocking: readonly string[];
  /** From the first lock that blocks others to the end. */
  readonly locked: readonly string[];
  readonly steps: readonly Step[];
  /** Writes the migration log. */
  readonly log: readonly string[];
}

interface TransactionOptions {
  readonly place: Place;
  readonly limits: Limits;
  /** How long to wait for a lock that blocks others. */
  readonly timeoutMs: number;
  readonly log: LogChange;
}

/** The statements of a transaction that runs some steps, and writes the migration log. */
export function transactionSql(steps: readonly Step[], options: TransactionOptions): TransactionSql {
  const { place, limits, log } = options;
  const { schema, deadlockTimeoutMs } = place;
  const locks = locksOf(steps);
  const blocking = blockingOf(locks);
  const tables = relationsOf(locks, schema);
  const nonBlocking = [
    ...(log.table ? [lockTableSql([log.table], 'ROW EXCLUSIVE')] : []),
    ...(tables.length > 0 ? [lockTableSql(tables, 'SHARE UPDATE EXCLUSIVE')] : []),
  ];
  return {
    nonBlocking: [...nonBlockingTimeoutsSql(limits, deadlockTimeoutMs), ...nonBlocking],
    locked: blocking.length > 0 ? lockedSql(blocking, options) : unlockedSql(steps, options),
    steps,
    log: log.statements,
  };
}

function lockedSql(
  blocking: readonly TableLock[],
  { place, limits, timeoutMs }: TransactionOptions,
): string[] {
  return [
    ...blockingTimeoutsSql(timeoutMs, place.deadlockTimeoutMs),
    ...lockTablesSql(blocking, place.schema),
    ...lockedTimeoutsSql(limits),
  ];
}

function unlockedSql(steps: readonly Step[], { place, timeoutMs }: TransactionOptions): string[] {
  return hasUnknown(steps) ? shortWaitsSql(timeoutMs, place.deadlockTimeoutMs) : [];
}

/** The locks of steps that block the application. */
export function blockingLocksOf(steps: readonly Step[], { schema }: Place): BlockingLock[] {
  return blockingOf(locksOf(steps)).map(({ table, mode }) => ({
    relation: relationNamed(table, schema),
    mode,
  }));
}

function blockingOf(locks: readonly TableLock[]): TableLock[] {
  return locks.filter(({ mode }) => blocksWrites(mode));
}
