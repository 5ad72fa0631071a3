export { afterCommit } from './after-commit';
export { SESSION } from './blocking-session';
export {
  type ConnectionManager,
  type ConnectionRoute,
  isRouted,
  leavingRoute,
  type RoutedConnection,
  withoutRoute,
  withRoute,
} from './connection-route';
export type { BlockingLock } from './lock-queue';
export { describeForeign } from './owners';
export { withQuietRun } from './quiet-run';
export { commitLocallySql, noteReplication, replicationOf } from './replication';
export { withLockRetries, type LockAttempt } from './retries';
export {
  DEFAULT_LIMITS,
  migrationNameOf,
  runnerOf,
  setRunner,
  type Limits,
  type LogChange,
  type MigrationLog,
  type Progress,
  type Reporter,
  type Runner,
} from './runner';
export {
  blockingTimeoutsSql,
  isLockTimeout,
  lockedTimeoutsSql,
  lockTablesSql,
  lockTableSql,
  nonBlockingTimeoutsSql,
  oidsSql,
  relationNamed,
  shortWaitsSql,
  relationsOf,
  takeNonBlockingLocks,
  type Relation,
} from './table-locks';
export { prepareSession, prepareSessionAhead } from './prepared-session';
export { select } from './select';
export { beginWorkSql, CITUS_MODE } from './begin-work';
export { asConnection, type Connection, type Result, type Results, rowsIn } from './connection';
export { inRolledBackTransaction, inTransaction, type Run } from './transaction';
