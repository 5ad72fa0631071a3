import type { Query } from '../postgres';
import { isLockTimeout, LockTimeoutError } from './table-locks';

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
