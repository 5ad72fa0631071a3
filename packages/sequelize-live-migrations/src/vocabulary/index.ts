export {
  columnsOf,
  forwardOf,
  inverse,
  type AddColumn,
  type AddConstraint,
  type AddIndex,
  type Change,
  type ChangeColumn,
  type CreateTable,
  type ForwardChange,
  type RenameColumn,
  type RenameEnumValue,
} from './changes';
export type { ColumnAttributes } from './columns';
export { underCurrentNames, underLastNames } from './current-names';
export { foreignKeyName, indexName, primaryKeyName } from './default-names';
export { enumLabelsOf, enumNameOf, enumNamesOf } from './enums';
export type { IndexField, IndexOptions } from './indexes';
export { REFERENTIAL_ACTIONS, type ReferentialAction } from './referential-actions';
export { Schema, type ConstraintOptions, type CreateTableOptions } from './schema';
