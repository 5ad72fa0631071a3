export {
  columnsOf,
  forwardOf,
  inverse,
  isRename,
  tablesOf,
  type AddColumn,
  type AddConstraint,
  type AddIndex,
  type Change,
  type ChangeColumn,
  type CreateTable,
  type ForwardChange,
  type Rename,
  type RenameColumn,
  type RenameEnumValue,
  type RenameIndex,
  type RenameTable,
} from './changes';
export type { ColumnAttributes } from './columns';
export { KEPT_ASIDE_COMMENTS } from './comments';
export { underCurrentNames, underLastNames } from './current-names';
export { foreignKeyName, indexName, primaryKeyName } from './default-names';
export { enumLabelsOf, enumNameOf, enumNamesOf } from './enums';
export type { IndexField, IndexOptions } from './indexes';
export { REFERENTIAL_ACTIONS, type ReferentialAction } from './referential-actions';
export { Schema, type ConstraintOptions, type CreateTableOptions } from './schema';
