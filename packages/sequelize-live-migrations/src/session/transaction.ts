import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import {
  lockArguments,
  type PreparedStatement,
  type Query,
  type QueryPrepared,
  type Scope,
  WORK_LOCK,
} from '../postgres';
import { noteReplication, replicationSql } from './replication';
import type { Limits, Reporter } from './runner';
import { belowDeadlockTimeout } from './table-locks';

/** What is needed to work on a database. */
export interface Run {
  readonly sequelize: Sequelize;
  readonly limits: Limits;
  readonly reporter: Reporter;
}

/** What is done in a transaction. */
export type Work<T> = (query: Query, queryPrepared: QueryPrepared) => Promise<T>;

/**
 * Runs `work` in a transaction that holds `WORK_LOCK` and that the server ends soon after its client is gone. Rolled
 * back when `work` fails.
 *
 * @param lockTimeoutMs how long each statement waits for a lock
 */
export function inTransaction<T>(
  { sequelize, limits }: Run,
  lockTimeoutMs: number,
  work: Work<T>,
): Promise<T> {
  return sequelize.transaction(async (transaction) => {
    const query: Query = (sql) => sequelize.query(sql, { transaction, type: QueryTypes.SELECT });
    const begin = [ISOLATION_SQL, beginWorkSql('transaction', lockTimeoutMs, limits)].join(';\n');
    noteReplication(sequelize, await query(begin));
    return work(query, queryPreparedOn(transaction));
  });
}

/**
 * Set explicitly, because a server or Sequelize may have another default. Under REPEATABLE READ a statement would see the
 * database as it was before the lock that it has waited for. Sequelize would send it in a message of its own.
 */
const ISOLATION_SQL = 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED';

/**
 * Sequelize has no prepared statements, so they go to the connection itself: node-postgres prepares one of a name once in
 * each session.
 */
function queryPreparedOn(transaction: Transaction): QueryPrepared {
  const connection = asConnection('connection' in transaction ? transaction.connection : undefined);
  return async (statement) => (await connection.query(statement)).rows;
}

interface Connection {
  query(
    statement: string | PreparedStatement,
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/** Whether something is a connection of node-postgres. */
export function isConnection(value: unknown): value is Connection {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function';
}

/** @throws where something is no connection of node-postgres */
export function asConnection(value: unknown): Connection {
  if (isConnection(value)) return value;
  throw new Error('node-postgres is needed: its connections have a query method.');
}

/** The same as `inTransaction`, but always rolled back. */
export async function inRolledBackTransaction<T>(run: Run, lockTimeoutMs: number, work: Work<T>): Promise<T> {
  const results: T[] = [];
  const rollBack = new Error('Done, and to be rolled back.'); // Sequelize commits unless something is thrown
  await inTransaction(run, lockTimeoutMs, async (query, queryPrepared) => {
    results.push(await work(query, queryPrepared));
    throw rollBack;
  }).catch((error: unknown) => {
    if (error !== rollBack) throw error;
  });
  const [result] = results;
  if (result === undefined) throw rollBack;
  return result;
}

/**
 * The first statement of a transaction or a session: sets its timeouts, whatever the role's settings are, has its commits
 * not wait for standbys (for which `afterCommit` waits), selects what to note of replication, acquires `WORK_LOCK`, and has the server check twice a second whether the client of a running statement is still there
 * (`client_connection_check_interval`, PostgreSQL 14; on a platform without that check, setting it is an error).
 */
export function beginWorkSql(scope: Scope, lockTimeoutMs: number, limits: Limits): string {
  const isLocal = String(scope === 'transaction');
  const lockTimeout = lockTimeoutMs === 0 ? "'0'" : `(${belowDeadlockTimeout(lockTimeoutMs)})::int::text`;
  const lock = scope === 'transaction' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_lock_shared';
  // transaction_timeout exists since PostgreSQL 17. Off, because an index build has only the limit of its statement.
  // With Citus, what reads the shards in parallel keeps a later statement of the transaction from changing a type.
  const setIfExists = (name: string, value: string, condition = 'true') =>
    `CASE WHEN current_setting('${name}', true) IS NOT NULL AND ${condition} THEN set_config('${name}', '${value}', ${isLocal}) END`;
  return `SELECT set_config('lock_timeout', ${lockTimeout}, ${isLocal}),
    set_config('statement_timeout', '${String(limits.longStatementMs)}', ${isLocal}),
    set_config('idle_in_transaction_session_timeout', '${String(LONGEST_PAUSE_MS)}', ${isLocal}),
    set_config('jit', 'off', ${isLocal}), -- compiling the catalog queries takes longer than running them
    set_config('plan_cache_mode', 'force_generic_plan', ${isLocal}), -- and so does planning them each time
    ${replicationSql(scope)},
    ${setIfExists('transaction_timeout', '0')},
    ${scope === 'transaction' ? `${setIfExists('citus.multi_shard_modify_mode', 'sequential')} AS ${CITUS_MODE},` : ''}
    ${setIfExists('client_connection_check_interval', '500', "version() ~* 'linux'")},
    ${lock}(${lockArguments(WORK_LOCK)})`;
}

/** The column of its result that is null where the server has no Citus. */
export const CITUS_MODE = 'citus_mode';

/** How long a client may pause between two statements of a transaction before the server ends its session. */
const LONGEST_PAUSE_MS = 60_000;
