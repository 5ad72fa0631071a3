import type { DataType, Utils } from 'sequelize';
import type { ReferentialAction } from './referential-actions';
import { indexName } from './default-names';

/** What a migration may declare of a column: Sequelize's own names and meanings. */
export interface ColumnAttributes {
  readonly type: DataType;
  /** As in Sequelize, a column accepts nulls unless this is false. */
  readonly allowNull?: boolean;
  /** A constant, or `literal('an SQL expression')`. */
  readonly defaultValue?: string | number | boolean | object | InstanceType<typeof Utils.Literal>;
  /**
   * Not Sequelize's: `literal('an SQL expression')` over the row, for the rows in which an existing column is null
   * when it is to be NOT NULL. Where it is left out, or is null itself, they get the default.
   */
  readonly backfill?: InstanceType<typeof Utils.Literal>;
  readonly primaryKey?: boolean;
  readonly autoIncrement?: boolean;
  readonly references?: { readonly model: string; readonly key: string };
  readonly onUpdate?: ReferentialAction;
  readonly onDelete?: ReferentialAction;
}

export interface CreateTableOptions {
  /**
   * What to do where a table of this name exists. `converge` (the default): it is reconciled with the declaration.
   * `keep`: it belongs to the application, which may have changed it since; it is left alone, except that its
   * primary key must be the declared one. Undoing drops such a table only where nothing at all would be lost.
   */
  readonly existing?: 'converge' | 'keep';
  /** The indexes to create with the table. */
  readonly indexes?: readonly ({ readonly fields: readonly string[] } & IndexOptions)[];
}

export interface IndexOptions {
  readonly name?: string;
  readonly unique?: boolean;
}

export interface CreateTable {
  readonly kind: 'createTable';
  readonly table: string;
  readonly attributes: Readonly<Record<string, ColumnAttributes>>;
  readonly existing: 'converge' | 'keep';
  readonly indexes: readonly AddIndex[];
}
export interface AddColumn {
  readonly kind: 'addColumn';
  readonly table: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}
export interface ChangeColumn {
  readonly kind: 'changeColumn';
  readonly table: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}
export interface AddIndex {
  readonly kind: 'addIndex';
  readonly table: string;
  readonly columns: readonly string[];
  readonly name: string;
  readonly unique: boolean;
}
/** A change that is no reversal of another one. */
export type ForwardChange = CreateTable | AddColumn | ChangeColumn | AddIndex;

// Each of these reverts the change that it carries, so it can be reverted itself.
export interface DropTable {
  readonly kind: 'dropTable';
  readonly undoes: CreateTable;
}
export interface RemoveColumn {
  readonly kind: 'removeColumn';
  readonly undoes: AddColumn;
}
/** What the column was before a `changeColumn` is not known: it stays as it is. */
export interface KeepColumn {
  readonly kind: 'keepColumn';
  readonly undoes: ChangeColumn;
}
export interface RemoveIndex {
  readonly kind: 'removeIndex';
  readonly undoes: AddIndex;
}
export type Reversal = DropTable | RemoveColumn | KeepColumn | RemoveIndex;

/** One change that a migration declares. Data: it says what, never how. */
export type Change = ForwardChange | Reversal;

/** The change itself, or the one that it reverts: for a `dropTable`, the table as it was declared. */
export function forwardOf(change: Change): ForwardChange {
  return 'undoes' in change ? change.undoes : change;
}

/**
 * Collects the changes that a migration declares. The methods and their arguments are those of Sequelize's
 * `QueryInterface`, except that a method which removes something also takes what it was, so that it can be restored.
 * The methods do no I/O, so there is nothing to await.
 */
export class Schema {
  readonly changes: Change[] = [];

  createTable(
    table: string,
    attributes: Record<string, ColumnAttributes>,
    options: CreateTableOptions = {},
  ): void {
    this.changes.push(createTable(table, attributes, options));
  }

  dropTable(table: string, was: Record<string, ColumnAttributes>): void {
    this.changes.push(inverseOf(createTable(table, was, {})));
  }

  addColumn(table: string, column: string, attributes: ColumnAttributes): void {
    this.changes.push({ kind: 'addColumn', table, column, attributes });
  }

  removeColumn(table: string, column: string, was: ColumnAttributes): void {
    this.changes.push(inverseOf({ kind: 'addColumn', table, column, attributes: was }));
  }

  changeColumn(table: string, column: string, attributes: ColumnAttributes): void {
    this.changes.push({ kind: 'changeColumn', table, column, attributes });
  }

  addIndex(table: string, columns: string[], options: IndexOptions = {}): void {
    this.changes.push(addIndex(table, columns, options));
  }

  removeIndex(table: string, columns: string[], options: IndexOptions = {}): void {
    this.changes.push(inverseOf(addIndex(table, columns, options)));
  }
}

function createTable(
  table: string,
  attributes: Record<string, ColumnAttributes>,
  { existing = 'converge', indexes = [] }: CreateTableOptions,
): CreateTable {
  const declared = indexes.map(({ fields, ...options }) => addIndex(table, fields, options));
  return { kind: 'createTable', table, attributes, existing, indexes: declared };
}

function addIndex(
  table: string,
  columns: readonly string[],
  { name = indexName(table, columns), unique = false }: IndexOptions,
): AddIndex {
  return { kind: 'addIndex', table, columns, name, unique };
}

/** The changes that revert the given ones: the inverse of each, the last one first. */
export function inverse(changes: readonly Change[]): Change[] {
  return changes.map(inverseOf).reverse();
}

function inverseOf(change: Change): Change {
  switch (change.kind) {
    case 'createTable':
      return { kind: 'dropTable', undoes: change };
    case 'addColumn':
      return { kind: 'removeColumn', undoes: change };
    case 'changeColumn':
      return { kind: 'keepColumn', undoes: change };
    case 'addIndex':
      return { kind: 'removeIndex', undoes: change };
    default:
      return change.undoes;
  }
}
