import { types } from 'node:util';
import { isConnectionLost, messageOf, SQLSTATE, sqlStateOf } from '../postgres';

/** Why a migration cannot be in a transaction: what it sends, or what the server says of it. */
export class NotInTransactionError extends Error {
  override readonly name = 'NotInTransactionError';
}

/** Why an attempt is over, whatever the migration makes of it. */
export class EndedError extends Error {
  override readonly name = 'EndedError';
}

/**
 * What the server says of a statement that needs a transaction of its own (manual, Appendix A):
 * active_sql_transaction, as of CREATE INDEX CONCURRENTLY; unsafe_new_enum_value_usage; object_in_use, where a trigger
 * of the same transaction is still to fire; invalid_transaction_termination, of a procedure that commits.
 */
const NOT_IN_TRANSACTION: readonly string[] = ['25001', '55P04', '55006', '2D000'];

/** A lock that was not had in time, a deadlock, a statement that was cancelled. */
const ENDS_ATTEMPT: readonly string[] = [
  SQLSTATE.lockNotAvailable,
  SQLSTATE.deadlockDetected,
  SQLSTATE.queryCanceled,
];

/**
 * The failure of an attempt that an error means, even if the migration catches it; undefined for an error that it may go
 * on after, as authors do with `.catch(() => {})` on what exists already.
 */
export function failureMeantBy(error: unknown): Error | undefined {
  if (error instanceof NotInTransactionError) return error;
  const state = sqlStateOf(error) ?? '';
  if (NOT_IN_TRANSACTION.includes(state))
    return new NotInTransactionError(messageOf(error), { cause: error });
  if (!ENDS_ATTEMPT.includes(state) && !isConnectionLost(error)) return undefined;
  return types.isNativeError(error) ? error : new Error(messageOf(error), { cause: error });
}

/** What PostgreSQL says in a transaction in which a statement has failed. */
export function abortedError(): Error {
  const message = 'current transaction is aborted, commands ignored until end of transaction block';
  return Object.assign(new Error(message), { code: '25P02' });
}
