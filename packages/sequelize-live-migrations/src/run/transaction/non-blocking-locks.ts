import type { Query } from '../../postgres';
import type { Run } from './transaction';
import {
  isLockTimeout,
  lockTableSql,
  LockTimeoutError,
  type Relation,
  nonBlockingTimeoutsSql,
} from './table-locks';

export interface NonBlockingLocks {
  readonly tables: readonly Relation[];
  /** The table of the record, where it is to be written. */
  readonly record?: Relation | undefined;
  /** A statement to send along. */
  readonly first?: string;
}

/**
 * Takes the locks that make nobody wait, and after which the strong ones are to be had at once: see
 * `nonBlockingTimeoutsSql`.
 *
 * @throws LockTimeoutError with the transaction to be rolled back
 */
export async function takeNonBlockingLocks(
  { limits }: Run,
  query: Query,
  { tables, record, first }: NonBlockingLocks,
) {
  const statements = [
    ...(first === undefined ? [] : [first]),
    nonBlockingTimeoutsSql(limits),
    ...(record ? [lockTableSql([record], 'ROW EXCLUSIVE')] : []),
    ...(tables.length > 0 ? [lockTableSql(tables, 'SHARE UPDATE EXCLUSIVE')] : []),
  ];
  await query(statements.join(';\n')).catch((error: unknown) => {
    throw isLockTimeout(error) ? new LockTimeoutError('SHARE UPDATE EXCLUSIVE', error) : error;
  });
}
