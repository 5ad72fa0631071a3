import { lockArguments, type Scope, WORK_LOCK } from '../postgres';
import { replicationSql } from './replication';
import type { Limits } from './runner';
import { belowDeadlockTimeout } from './table-locks';

/**
 * The first statement of a transaction or a session: sets its timeouts, whatever the role's settings are, has its commits
 * not wait for standbys (for which `afterCommit` waits), selects what to note of replication, acquires `WORK_LOCK`, and has the
 * server check twice a second whether the client of a running statement is still there
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
