import type { Query } from '../postgres';
import type { Run } from './transaction';
import {
  isLockTimeout,
  lockTableSql,
  LockTimeoutError,
  nonBlockingTimeoutsSql,
  type Relation,
} from './table-locks';

export interface NonBlockingLocks {
  readonly tables: readonly Relation[];
  /** The table of the migration log, where that is to be written. */
  readonly logTable?: Relation | undefined;
  /** A statement to send in the same message. */
  readonly firstStatement?: string;
}

/**
 * Acquires the locks that block neither reads nor writes, before those that do: see `nonBlockingTimeoutsSql`.
 *
 * @throws LockTimeoutError, after which the transaction has to be rolled back
 */
export async function takeNonBlockingLocks(
  { limits }: Run,
  query: Query,
  { tables, logTable, firstStatement }: NonBlockingLocks,
) {
  const statements = [
    ...(firstStatement === undefined ? [] : [firstStatement]),
    nonBlockingTimeoutsSql(limits),
    ...(logTable ? [lockTableSql([logTable], 'ROW EXCLUSIVE')] : []),
    ...(tables.length > 0 ? [lockTableSql(tables, 'SHARE UPDATE EXCLUSIVE')] : []),
  ];
  await query(statements.join(';\n')).catch((error: unknown) => {
    throw isLockTimeout(error) ? new LockTimeoutError('SHARE UPDATE EXCLUSIVE', error) : error;
  });
}
