export { foreignKeyName, indexName, primaryKeyName } from './default-names';
export { enumLabelsOf, enumNameOf } from './enums';
export {
  inverse,
  Schema,
  forwardOf,
  type AddColumn,
  type AddIndex,
  type ChangeColumn,
  type ColumnAttributes,
  type CreateTable,
  type CreateTableOptions,
  type IndexOptions,
  type Change,
  type ForwardChange,
} from './changes';
export { REFERENTIAL_ACTIONS, type ReferentialAction } from './referential-actions';
