import type { Place } from '../../place';
import { hasUnknown, type Step } from '../../plan';
import { blocksWrites, mostRestrictiveMode, type TableLock } from '../../postgres';
import {
  type BlockingLock,
  blockingTimeoutsSql,
  type Limits,
  lockedTimeoutsSql,
  lockTablesSql,
  lockTableSql,
  nonBlockingTimeoutsSql,
  type Relation,
  relationNamed,
  relationsOf,
  shortWaitsSql,
} from '../../session';

/**
 * The locks that steps take on tables which exist before the first of them, under the names from before: for each table
 * the most restrictive one, however much is locked on others.
 */
export function locksOf(steps: readonly Step[]): TableLock[] {
  const namesBefore = new Map<string, string | undefined>();
  const byTable = new Map<string, TableLock[]>();
  const nameBefore = (table: string) => (namesBefore.has(table) ? namesBefore.get(table) : table);
  for (const { locks = [], names } of steps) {
    for (const { table, mode } of locks) {
      const name = nameBefore(table);
      if (name !== undefined) byTable.set(name, [...(byTable.get(name) ?? []), { table: name, mode }]);
    }
    if (names) namesBefore.set(names.table, names.was === undefined ? undefined : nameBefore(names.was));
  }
  return [...byTable].map(([table, locks]) => ({ table, mode: mostRestrictiveMode(locks) }));
}

/** Those that block the application. */
export function blockingLocksOf(steps: readonly Step[], { schema }: Place): BlockingLock[] {
  return blockingOf(locksOf(steps)).map(({ table, mode }) => ({
    relation: relationNamed(table, schema),
    mode,
  }));
}

function blockingOf(locks: readonly TableLock[]): TableLock[] {
  return locks.filter(({ mode }) => blocksWrites(mode));
}

/** The statements before the steps of a transaction, which a run sends and `db:plan` prints. */
interface LockingSql {
  /** Acquires locks that block neither reads nor writes, for which it may wait. */
  readonly nonBlocking: readonly string[];
  /** From the first lock that blocks others. */
  readonly blocking: readonly string[];
}

interface LockingOptions {
  readonly place: Place;
  readonly limits: Limits;
  /** How long to wait for a lock that blocks others. */
  readonly timeoutMs: number;
  /** The table of the migration log, where it is written in the same transaction. */
  readonly logTable?: Relation | undefined;
}

/** The statements that acquire the locks of a transaction which runs some steps. */
export function lockingSql(steps: readonly Step[], options: LockingOptions): LockingSql {
  const { place, limits, timeoutMs, logTable } = options;
  const { schema, deadlockTimeoutMs } = place;
  const locks = locksOf(steps);
  const blocking = blockingOf(locks);
  const tables = relationsOf(locks, schema);
  const unknown = hasUnknown(steps) ? shortWaitsSql(timeoutMs, deadlockTimeoutMs) : [];
  return {
    nonBlocking: [
      ...nonBlockingTimeoutsSql(limits, deadlockTimeoutMs),
      ...(logTable ? [lockTableSql([logTable], 'ROW EXCLUSIVE')] : []),
      ...(tables.length > 0 ? [lockTableSql(tables, 'SHARE UPDATE EXCLUSIVE')] : []),
    ],
    blocking:
      blocking.length === 0
        ? unknown
        : [
            ...blockingTimeoutsSql(timeoutMs, deadlockTimeoutMs),
            ...lockTablesSql(blocking, schema),
            ...lockedTimeoutsSql(limits),
          ],
  };
}
