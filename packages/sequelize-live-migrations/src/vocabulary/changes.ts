import type { Utils, WhereOptions } from 'sequelize';
import type { ColumnAttributes } from './columns';
import type { InSchema } from './in-schema';
import type { IndexField, IndexOptions } from './indexes';
import type { ConvertColumn, EndConversion, EndOverlap, OverlapColumn } from './overlaps';
import type { ReferentialAction } from './referential-actions';
import type { RevertSql, RunSql } from './sql-changes';
import type { BulkDelete, BulkInsert, BulkUpdate, KeepRows, RemoveRows } from './rows';

export type { RunSql };

export interface CreateTable extends InSchema {
  readonly kind: 'createTable';
  /** Its removal deletes it for good, and an undo of that creates it without its rows. */
  readonly isPurged?: true;
  readonly table: string;
  /** The name of the table in the names of its key and its foreign keys, where a later migration renames the table. */
  readonly namedFor?: string;
  readonly attributes: Readonly<Record<string, ColumnAttributes>>;
  readonly existing: 'converge' | 'keep';
  readonly comment?: string;
  readonly distributeBy?: string;
  readonly indexes: readonly AddIndex[];
  readonly constraints: readonly AddUnique[];
}
export interface AddColumn extends InSchema {
  readonly kind: 'addColumn';
  /** Its removal deletes it for good, and an undo of that adds it without its values. */
  readonly isPurged?: true;
  readonly table: string;
  readonly namedFor?: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}
export interface ChangeColumn extends InSchema {
  readonly kind: 'changeColumn';
  readonly table: string;
  readonly namedFor?: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}
export interface RenameColumn extends InSchema {
  readonly kind: 'renameColumn';
  readonly table: string;
  readonly from: string;
  readonly to: string;
}
export interface RenameTable extends InSchema {
  readonly kind: 'renameTable';
  /** The same as `from`. */
  readonly table: string;
  readonly from: string;
  readonly to: string;
}
export interface RenameEnumValue extends InSchema {
  readonly kind: 'renameEnumValue';
  readonly table: string;
  readonly column: string;
  readonly from: string;
  readonly to: string;
}
export interface RenameIndex extends InSchema {
  readonly kind: 'renameIndex';
  readonly table: string;
  readonly from: string;
  readonly to: string;
}
export interface AddIndex extends InSchema {
  readonly kind: 'addIndex';
  readonly table: string;
  readonly fields: readonly IndexField[];
  readonly name: string;
  readonly options: IndexOptions;
}
export interface AddCheck extends InSchema {
  readonly kind: 'addConstraint';
  readonly table: string;
  readonly name: string;
  readonly type: 'check';
  readonly where: WhereOptions | InstanceType<typeof Utils.Literal>;
}
export interface AddUnique extends InSchema {
  readonly kind: 'addConstraint';
  readonly table: string;
  readonly name: string;
  readonly type: 'unique';
  readonly fields: readonly string[];
}
export interface AddForeignKey extends InSchema {
  readonly kind: 'addConstraint';
  readonly table: string;
  readonly name: string;
  readonly type: 'foreign key';
  readonly fields: readonly string[];
  readonly references: { readonly table: string; readonly fields: readonly string[] };
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
}
export type AddConstraint = AddCheck | AddUnique | AddForeignKey;
/** A change that is no reversal of another one. */
export type ForwardChange =
  | CreateTable
  | AddColumn
  | ChangeColumn
  | AddIndex
  | AddConstraint
  | Rename
  | OverlapColumn
  | ConvertColumn
  | RunSql
  | BulkUpdate
  | BulkDelete
  | BulkInsert;
/** A change after which something has another name, and is the same. */
export type Rename = RenameTable | RenameColumn | RenameEnumValue | RenameIndex;

// Each of these reverts the change that it carries, so it can be reverted itself.
export interface DropTable {
  readonly kind: 'dropTable';
  readonly undoes: CreateTable;
}
export interface RemoveColumn {
  readonly kind: 'removeColumn';
  readonly undoes: AddColumn;
}
export interface RestoreColumn {
  readonly kind: 'restoreColumn';
  readonly undoes: ChangeColumn;
}
export interface RemoveIndex {
  readonly kind: 'removeIndex';
  readonly undoes: AddIndex;
}
export interface RemoveConstraint {
  readonly kind: 'removeConstraint';
  readonly undoes: AddConstraint;
}
export type Reversal =
  | DropTable
  | RemoveColumn
  | RestoreColumn
  | EndOverlap
  | EndConversion
  | RemoveIndex
  | RemoveConstraint
  | RevertSql
  | KeepRows
  | RemoveRows;

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

/** A column as a change declares it. */
export interface ColumnDeclaration {
  readonly table: string;
  /** The name of the table in the names of its foreign keys; left out: its own. */
  readonly namedFor?: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
}

/** The columns that a change declares. */
export function columnsOf(change: Change): ColumnDeclaration[] {
  const forward = forwardOf(change);
  if (forward.kind === 'createTable') {
    const { table, namedFor = table } = forward;
    return Object.entries(forward.attributes).map(([column, attributes]) => ({
      table,
      namedFor,
      column,
      attributes,
    }));
  }
  if (!('attributes' in forward)) return [];
  const { table, namedFor = table, column, attributes } = forward;
  return [{ table, namedFor, column, attributes }];
}

/** The changes that revert the given ones: the inverse of each, the last one first. */
export function inverse(changes: readonly Change[]): Change[] {
  return changes.map(inverseOf).reverse();
}

export function inverseOf(change: Change): Change {
  switch (change.kind) {
    case 'createTable':
      return { kind: 'dropTable', undoes: change };
    case 'addColumn':
      return { kind: 'removeColumn', undoes: change };
    case 'changeColumn':
      return { kind: 'restoreColumn', undoes: change };
    case 'overlapColumn':
      return { kind: 'endOverlap', undoes: change };
    case 'convertColumn':
      return { kind: 'endConversion', undoes: change };
    case 'renameTable':
      return { ...change, table: change.to, from: change.to, to: change.from };
    case 'renameColumn':
    case 'renameEnumValue':
    case 'renameIndex':
      return { ...change, from: change.to, to: change.from };
    case 'addIndex':
      return { kind: 'removeIndex', undoes: change };
    case 'addConstraint':
      return { kind: 'removeConstraint', undoes: change };
    case 'sql':
      return { kind: 'revertSql', undoes: change };
    case 'bulkUpdate':
    case 'bulkDelete':
      return { kind: 'keepRows', undoes: change };
    case 'bulkInsert':
      return { kind: 'removeRows', undoes: change };
    default:
      return change.undoes;
  }
}
