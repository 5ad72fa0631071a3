import { QueryTypes, Transaction, type Sequelize } from 'sequelize';
import { lockArguments, WORK_LOCK, type Query, type Scope } from '../../postgres';
import type { Limits, Reporter } from '../runner';
import { belowDeadlockTimeout } from './table-locks';

/** What work on a database goes through. */
export interface Run {
  readonly sequelize: Sequelize;
  readonly limits: Limits;
  readonly reporter: Reporter;
}

/**
 * Runs `work` in a transaction, as every statement of a migration is: marked as working, and ended by the
 * server soon after its client has gone. Rolled back when `work` fails.
 *
 * @param lockTimeoutMs how long any statement of it waits for any lock
 */
export function inTransaction<T>(
  { sequelize, limits }: Run,
  lockTimeoutMs: number,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  // Stated, because a server may have another default, and what a statement sees under REPEATABLE READ is the
  // state before the lock that it waited for.
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  return sequelize.transaction({ isolationLevel }, async (transaction) => {
    const query: Query = (sql) => sequelize.query(sql, { transaction, type: QueryTypes.SELECT });
    await query(beginWorkSql('transaction', lockTimeoutMs, limits));
    return work(query);
  });
}

/** The same, for work that is to leave nothing behind. */
export async function inRolledBackTransaction<T>(
  run: Run,
  lockTimeoutMs: number,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const results: T[] = [];
  const rollBack = new Error('Done, and to be rolled back.'); // Sequelize commits unless something is thrown
  await inTransaction(run, lockTimeoutMs, async (query) => {
    results.push(await work(query));
    throw rollBack;
  }).catch((error: unknown) => {
    if (error !== rollBack) throw error;
  });
  const [result] = results;
  if (result === undefined) throw rollBack;
  return result;
}

/**
 * What a transaction or a session begins its work with: how long its statements wait and last, whatever the role
 * has as its own; the lock that says that somebody works; and that the server is to look twice a second
 * whether the client of a running statement is still there (`client_connection_check_interval`, PostgreSQL 14;
 * on a platform that cannot look, setting it is an error).
 */
export function beginWorkSql(scope: Scope, lockTimeoutMs: number, limits: Limits): string {
  const isLocal = String(scope === 'transaction');
  const lockTimeout = lockTimeoutMs === 0 ? "'0'" : `(${belowDeadlockTimeout(lockTimeoutMs)})::int::text`;
  const lock = scope === 'transaction' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_lock_shared';
  // transaction_timeout came with PostgreSQL 17: an index build is to have no limit but its own.
  const ifThere = (name: string, value: string, condition = 'true') =>
    `CASE WHEN current_setting('${name}', true) IS NOT NULL AND ${condition} THEN set_config('${name}', '${value}', ${isLocal}) END`;
  return `SELECT set_config('lock_timeout', ${lockTimeout}, ${isLocal}),
    set_config('statement_timeout', '${String(limits.longStatementMs)}', ${isLocal}),
    set_config('idle_in_transaction_session_timeout', '${String(LONGEST_PAUSE_MS)}', ${isLocal}),
    set_config('jit', 'off', ${isLocal}), -- to compile the queries of the catalog takes longer than to run them
    ${ifThere('transaction_timeout', '0')},
    ${ifThere('client_connection_check_interval', '500', "version() ~* 'linux'")},
    ${lock}(${lockArguments(WORK_LOCK)})`;
}

/** What a client of ours may pause for between two statements, before the server takes it for gone. */
const LONGEST_PAUSE_MS = 60_000;
