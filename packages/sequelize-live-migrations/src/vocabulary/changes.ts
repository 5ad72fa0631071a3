import type { Utils } from 'sequelize';
import type { ColumnAttributes, ReferentialAction } from './columns';
import type { IndexField, IndexOptions } from './indexes';
import type { Condition, Row } from './rows';

/** What is about one table. */
interface OfTable {
  readonly table: string;
  /** Left out: that of the migration log. */
  readonly schema?: string;
}

export interface CreateTable extends OfTable {
  readonly kind: 'createTable';
  /** Its removal deletes it for good, and an undo of that creates it without its rows. */
  readonly isPurged?: true;
  /** The name of the table in the names of its key and its foreign keys, where a later migration renames the table. */
  readonly namedFor?: string;
  /** The same for its columns that a later migration renames, by their new names. */
  readonly columnsNamedFor?: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, ColumnAttributes>>;
  readonly existing: 'converge' | 'keep';
  readonly comment?: string;
  readonly distributeBy?: string;
  readonly indexes: readonly AddIndex[];
  readonly constraints: readonly AddUnique[];
}
interface OfColumn<Kind extends string> extends OfTable {
  readonly kind: Kind;
  readonly namedFor?: string;
  readonly columnNamedFor?: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}
export interface AddColumn extends OfColumn<'addColumn'> {
  /** Its removal deletes it for good, and an undo of that adds it without its values. */
  readonly isPurged?: true;
}
export type ChangeColumn = OfColumn<'changeColumn'>;

interface OtherName<Kind extends string> extends OfTable {
  readonly kind: Kind;
  readonly from: string;
  readonly to: string;
}
/** Its `from` is the same as its `table`. */
export type RenameTable = OtherName<'renameTable'>;
export type RenameColumn = OtherName<'renameColumn'>;
export type RenameIndex = OtherName<'renameIndex'>;
/** Another name for a label of the enum type of a column. */
export interface RenameEnumValue extends OtherName<'renameEnumValue'> {
  readonly column: string;
}
/** A change after which something has another name, and is the same. */
export type Rename = RenameTable | RenameColumn | RenameEnumValue | RenameIndex;

/** Another name for a column, while the one that it has works as well: two columns, which are equal in every row. */
export type OverlapColumn = OtherName<'overlapColumn'>;
/**
 * Prepares a column of another type beside a column, which has its values and all else that belongs to it. A later
 * `changeColumn` to that type lets it take the place of the first one.
 */
export interface ConvertColumn extends OfTable {
  readonly kind: 'convertColumn';
  readonly column: string;
  readonly type: ColumnAttributes['type'];
}

export interface AddIndex extends OfTable {
  readonly kind: 'addIndex';
  readonly fields: readonly IndexField[];
  readonly name: string;
  readonly options: IndexOptions;
}
interface OfConstraint<Type extends string> extends OfTable {
  readonly kind: 'addConstraint';
  readonly name: string;
  readonly type: Type;
}
interface AddCheck extends OfConstraint<'check'> {
  readonly where: Condition;
}
export interface AddUnique extends OfConstraint<'unique'> {
  readonly fields: readonly string[];
}
export interface AddForeignKey extends OfConstraint<'foreign key'> {
  readonly fields: readonly string[];
  readonly references: { readonly table: string; readonly fields: readonly string[] };
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
}
export type AddConstraint = AddCheck | AddUnique | AddForeignKey;

export interface BulkInsert extends OfTable {
  readonly kind: 'bulkInsert';
  /** Rows with the same columns, or a query, whose columns have the names of those of the table. */
  readonly rows: readonly Row[] | InstanceType<typeof Utils.Literal>;
}
export interface BulkDelete extends OfTable {
  readonly kind: 'bulkDelete';
  readonly where: Condition;
}
export interface BulkUpdate extends OfTable {
  readonly kind: 'bulkUpdate';
  readonly values: Row;
  readonly where: Condition;
}

export interface RunSql {
  readonly kind: 'sql';
  readonly up: string;
  readonly down: string | undefined;
  /** A query: where it finds a row, `up` has been done. */
  readonly unless: string | undefined;
}

/** A change that is no reversal of another one. */
export type ForwardChange =
  | CreateTable
  | AddColumn
  | ChangeColumn
  | Rename
  | OverlapColumn
  | ConvertColumn
  | AddIndex
  | AddConstraint
  | BulkInsert
  | BulkDelete
  | BulkUpdate
  | RunSql;

/** What reverts the change that it carries, so that it can be reverted itself. */
interface Reverting<Kind extends string, Reverted> {
  readonly kind: Kind;
  readonly undoes: Reverted;
}

type Reversal =
  | Reverting<'dropTable', CreateTable>
  | Reverting<'removeColumn', AddColumn>
  | Reverting<'restoreColumn', ChangeColumn>
  | Reverting<'removeIndex', AddIndex>
  | Reverting<'removeConstraint', AddConstraint>
  | Reverting<'endOverlap', OverlapColumn> // drops the second name of a column
  | Reverting<'endConversion', ConvertColumn> // drops the column of another type
  | Reverting<'removeRows', BulkInsert>
  | Reverting<'keepRows', BulkUpdate | BulkDelete> // what the rows were before is not known: they stay as they are
  | Reverting<'revertSql', RunSql>;

/** One change that a migration declares. Data: it says what, never how. */
export type Change = ForwardChange | Reversal;

/** The change itself, or the one that it reverts: for a `dropTable`, the table as it was declared. */
export function forwardOf(change: Change): ForwardChange {
  return 'undoes' in change ? change.undoes : change;
}

/** Whether a change is about a foreign key that is declared by itself. */
export function isForeignKey(change: Change): change is AddForeignKey {
  return change.kind === 'addConstraint' && change.type === 'foreign key';
}

export function isRename(change: Change): change is Rename {
  return ['renameTable', 'renameColumn', 'renameEnumValue', 'renameIndex'].includes(change.kind);
}

export function isRowChange({ kind }: Change): boolean {
  return ['bulkUpdate', 'bulkDelete', 'bulkInsert', 'keepRows', 'removeRows'].includes(kind);
}
