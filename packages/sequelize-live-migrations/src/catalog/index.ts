export { inspectCatalog, type Inspection, type InspectionOptions } from './inspect';
export { replacedName, KEPT_ASIDE, keptAsideName, withKeptAside } from './kept-aside-names';
export {
  byName,
  columnNamed,
  hasSameActions,
  indexNamed,
  referencesSame,
  type Catalog,
  type Column,
  type Contents,
  type Dependent,
  type EnumType,
  type ForeignKey,
  type Index,
  type Key,
  type LiveCatalog,
  type Table,
} from './model';
export { columnKey, orphansSql, rowsSql, valuesSql } from './probe';
export { DesiredTables } from './desired-tables';
