export {
  columnsOf,
  tableOf,
  forwardOf,
  inverse,
  type AddColumn,
  type AddConstraint,
  type AddIndex,
  type AddUnique,
  type Change,
  type ColumnDeclaration,
  type ChangeColumn,
  type CreateTable,
  type RenameColumn,
  type RenameEnumValue,
  type RunSql,
} from './changes';
export type { ColumnAttributes } from './columns';
export type { ConstraintOptions } from './constraints';
export { underCurrentNames, underLastNames } from './current-names';
export { foreignKeyName, indexName, primaryKeyName, uniqueName } from './default-names';
export { enumLabelsOf, enumNameOf, enumNamesOf } from './enums';
export type { IndexField, IndexOptions } from './indexes';
export { REFERENTIAL_ACTIONS, type ReferentialAction } from './referential-actions';
export { Schema, type CreateTableOptions } from './schema';
