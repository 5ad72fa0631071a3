export {
  forwardOf,
  isForeignKey,
  isRename,
  isRowChange,
  type AddColumn,
  type AddConstraint,
  type AddForeignKey,
  type AddIndex,
  type AddUnique,
  type BulkDelete,
  type BulkInsert,
  type BulkUpdate,
  type Change,
  type ChangeColumn,
  type ConvertColumn,
  type CreateTable,
  type ForwardChange,
  type OverlapColumn,
  type Rename,
  type RenameColumn,
  type RenameEnumValue,
  type RenameIndex,
  type RenameTable,
  type RunSql,
} from './changes';
export {
  columnsOf,
  columnsOfTable,
  type ColumnDeclaration,
  foreignKeyOf,
  foreignKeysOf,
  parentsOf,
  tableOf,
  tablesCreatedBy,
  tablesOf,
} from './changed-tables';
export { type ColumnAttributes, REFERENTIAL_ACTIONS, type ReferentialAction } from './columns';
export { KEPT_ASIDE_COMMENTS } from './comments';
export type { ConstraintOptions } from './constraints';
export { underCurrentNames } from './current-names';
export {
  cutName,
  foreignKeyName,
  indexName,
  isTooLong,
  primaryKeyName,
  uniqueColumnName,
} from './default-names';
export { bracketsOf, enumLabelsOf, enumNamesOf, declaredEnum } from './enums';
export { type IndexField, type IndexOptions, nameOfIndex } from './indexes';
export { inverse } from './inverse';
export type { Condition, Row, RowValue } from './rows';
export { eachLeftBy, leftBy, leftByLast } from './left-by';
export { isLostBy, withoutOwnRemovals } from './own-removals';
export { onlyDefines } from './sql-text';
export { schemaOf, type TableName } from './table-name';
export { Schema } from './schema';
export { isTakenBy } from './taken-again';
export type { CreateTableOptions } from './tables';
export { isNull } from './values';
