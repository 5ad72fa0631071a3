export { orAttachedSql } from './attached-sql';
export { findCommented, type Commented } from './commented';
export {
  addConstraintSql,
  addForeignKeySql,
  columnSql,
  createEnumSql,
  createIndexSql,
  createTableSql,
  foreignKeySql,
} from './ddl';
export { PREPARE_INSPECTION, type Seen } from './inspect';
export type { ColumnUses, Trigger } from './column-uses';
export {
  fitting,
  hashOf,
  KEPT_ASIDE,
  keptAsideNames,
  originalName,
  replacedName,
  withKeptAside,
  withPrefix,
} from './kept-aside-names';
export {
  columnNamed,
  constraintNamed,
  byName,
  hasSameActions,
  type Deferrability,
  DEFERRABILITIES,
  enumTypeOf,
  indexNamed,
  isIdentity,
  isReferredTo,
  isUniqueOverAll,
  referencesSame,
  type Catalog,
  type Column,
  type Constraint,
  type Dependent,
  type EnumType,
  type ForeignKey,
  type Index,
  type Key,
  type Referrer,
  type Table,
} from './model';
export { LiveTables } from './live-tables';
export type { Partition, PartitionIndex } from './partitions';
export { hasValueSql, orphansSql, Rows, rowsSql } from './rows';
export { Shadows, type Declaration } from './shadows';
export type { Subject } from './subject';
