export {
  columnsOf,
  forwardOf,
  inverse,
  isForeignKey,
  isRename,
  isRowChange,
  type AddColumn,
  type AddConstraint,
  type AddForeignKey,
  type AddIndex,
  type AddUnique,
  type Change,
  type ColumnDeclaration,
  type ChangeColumn,
  type CreateTable,
  type ForwardChange,
  type Rename,
  type RenameColumn,
  type RenameEnumValue,
  type RenameIndex,
  type RenameTable,
  type RunSql,
} from './changes';
export { parentsOf, tableOf, tablesCreatedBy, tablesOf } from './changed-tables';
export type { ColumnAttributes } from './columns';
export { KEPT_ASIDE_COMMENTS } from './comments';
export type { ConstraintOptions } from './constraints';
export { underCurrentNames, underLastNames } from './current-names';
export {
  cutName,
  foreignKeyName,
  indexName,
  primaryKeyName,
  uniqueColumnName,
  uniqueName,
} from './default-names';
export { bracketsOf, enumLabelsOf, enumNameOf, enumNamesOf, withEnumLabels } from './enums';
export { type IndexField, type IndexOptions, nameOfIndex } from './indexes';
export type { ConvertColumn, OverlapChange, OverlapColumn } from './overlaps';
export { REFERENTIAL_ACTIONS, type ReferentialAction } from './referential-actions';
export type { BulkDelete, BulkInsert, BulkUpdate, Condition, Row, RowValue, RowChange } from './rows';
export { onlyDefines } from './sql-text';
export { schemaOf, type TableName } from './table-name';
export { Schema } from './schema';
export type { CreateTableOptions } from './tables';
