// What PostgreSQL itself calls things: identifiers, lock modes, errors. No I/O.

export { lockArguments, OVERLAP_LOCK_CLASS, RUN_LOCK, WORK_LOCK, type AdvisoryLock } from './advisory-locks';
export { isConnectionLost, messageOf, serverMessageOf, serverWordsOf, SQLSTATE, sqlStateOf } from './errors';
export {
  LONGEST_NAME,
  quoteIdentifier,
  quoteIdentifiers,
  quoteLiteral,
  quoteLiterals,
  quoteQualified,
  textArray,
} from './identifiers';
export { listIn, unquoted } from './printed';
export type { Query } from './query';
export { withLabelRenamed } from './relabelled-sql';
export { identifiersIn, withColumnRenamed } from './renamed-sql';
export { searchPathSql, type Scope, withTemporaryLastSql } from './search-path';
export { bareSql, endedSql, statementsIn, statementsOf } from './statements';
export { DEADLOCK_TIMEOUT_MS, HAS_CITUS, MAINTENANCE_DATABASES } from './server';
export {
  blocksWrites,
  mostRestrictiveMode,
  TABLE_LOCK_MODES,
  type TableLock,
  type TableLockMode,
} from './table-lock-modes';
export { withoutSchema } from './unqualified-sql';
