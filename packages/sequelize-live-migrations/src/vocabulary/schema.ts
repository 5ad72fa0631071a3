import { type AddIndex, type AddUnique, type Change, type CreateTable, inverseOf } from './changes';
import type { ColumnAttributes } from './columns';
import { assertComment } from './comments';
import {
  assertColumn,
  assertColumns,
  assertCondition,
  assertFields,
  assertKnown,
  assertName,
  assertNoMore,
  assertObject,
  assertOneOf,
} from './assertions';
import { bulkDeleteOf, bulkInsertOf, bulkUpdateOf } from './bulk';
import { type ConstraintOptions, constraintOf } from './constraints';
import { uniqueColumnName } from './default-names';
import { type IndexField, type IndexOptions, INDEX_OPTIONS, nameOfIndex } from './indexes';
import type { BulkInsert, Condition, Row } from './rows';
import { runSql, type SqlOptions } from './sql';

export interface CreateTableOptions {
  /**
   * What to do where a table of this name exists. `converge` (the default): it is reconciled with the declaration.
   * `keep`: it belongs to the application, which may have changed it since; it is left alone, except that its
   * primary key must be the declared one. Undoing drops such a table only where nothing at all would be lost.
   */
  readonly existing?: 'converge' | 'keep';
  /** Left out: the comment stays as it is. */
  readonly comment?: string;
  /** The indexes to create with the table. */
  readonly indexes?: readonly ({ readonly fields: readonly IndexField[] } & IndexOptions)[];
}

/**
 * Collects the changes that a migration declares. The methods and their arguments are those of Sequelize's
 * `QueryInterface`, except that a method which removes something also takes what it was, so that it can be restored.
 * The methods do no I/O, so there is nothing to await.
 *
 * Each throws an error that names what it does not know: nothing is left out silently, also in JavaScript.
 */
export class Schema {
  readonly changes: Change[] = [];

  createTable(
    table: string,
    attributes: Record<string, ColumnAttributes>,
    options: CreateTableOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('createTable', rest);
    this.changes.push(createTable('createTable', table, attributes, options));
  }

  /** @param was the columns of the table, so that an undo can create it where it was deleted for good */
  dropTable(
    table: string,
    was: Record<string, ColumnAttributes>,
    options: RemovalOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('dropTable', rest);
    const purged = purgedBy(`dropTable of ${table}`, options);
    this.changes.push(inverseOf({ ...createTable('dropTable', table, was, {}), ...purged }));
  }

  addColumn(table: string, column: string, attributes: ColumnAttributes, ...rest: never[]): void {
    assertNoMore('addColumn', rest);
    assertColumn(`addColumn`, table, column, attributes);
    const added = { kind: 'addColumn', table, column, attributes } as const;
    this.changes.push(added, ...uniqueOf(table, column, attributes));
  }

  /** @param was the column, so that an undo can add it where it was deleted for good */
  removeColumn(
    table: string,
    column: string,
    was: ColumnAttributes,
    options: RemovalOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('removeColumn', rest);
    assertColumn(`removeColumn`, table, column, was);
    const purged = purgedBy(`removeColumn of ${table}.${column}`, options);
    const removed = inverseOf({ kind: 'addColumn', table, column, attributes: was, ...purged });
    this.changes.push(...uniqueOf(table, column, was).map(inverseOf), removed);
  }

  changeColumn(table: string, column: string, attributes: ColumnAttributes, ...rest: never[]): void {
    assertNoMore('changeColumn', rest);
    assertColumn(`changeColumn`, table, column, attributes);
    const changed = { kind: 'changeColumn', table, column, attributes } as const;
    this.changes.push(changed, ...uniqueOf(table, column, attributes));
  }

  /** Renames a table at once: the previous release of the application does not find it any more. */
  renameTable(from: string, to: string, ...rest: never[]): void {
    assertNoMore('renameTable', rest);
    [from, to].forEach((name) => assertName('renameTable', name));
    this.changes.push({ kind: 'renameTable', table: from, from, to });
  }

  /** Renames a column at once: the previous release of the application does not find it any more. */
  renameColumn(table: string, from: string, to: string, ...rest: never[]): void {
    assertNoMore('renameColumn', rest);
    [table, from, to].forEach((name) => assertName('renameColumn', name));
    this.changes.push({ kind: 'renameColumn', table, from, to });
  }

  /**
   * Renames a label of the enum type of a column at once: the previous release of the application does not know the new one.
   */
  renameEnumValue(table: string, column: string, from: string, to: string, ...rest: never[]): void {
    assertNoMore('renameEnumValue', rest);
    [table, column, from, to].forEach((name) => assertName('renameEnumValue', name));
    this.changes.push({ kind: 'renameEnumValue', table, column, from, to });
  }

  addIndex(table: string, fields: readonly IndexField[], options: IndexOptions = {}, ...rest: never[]): void {
    assertNoMore('addIndex', rest);
    this.changes.push(addIndex('addIndex', table, fields, options));
  }

  removeIndex(
    table: string,
    fields: readonly IndexField[],
    options: IndexOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('removeIndex', rest);
    this.changes.push(inverseOf(addIndex('removeIndex', table, fields, options)));
  }

  renameIndex(table: string, from: string, to: string, ...rest: never[]): void {
    assertNoMore('renameIndex', rest);
    [table, from, to].forEach((name) => assertName('renameIndex', name));
    this.changes.push({ kind: 'renameIndex', table, from, to });
  }

  addConstraint(table: string, options: ConstraintOptions, ...rest: never[]): void {
    assertNoMore('addConstraint', rest);
    this.changes.push(constraintOf('addConstraint', table, options));
  }

  removeConstraint(table: string, was: ConstraintOptions, ...rest: never[]): void {
    assertNoMore('removeConstraint', rest);
    this.changes.push(inverseOf(constraintOf('removeConstraint', table, was)));
  }

  /**
   * Updates rows, in batches. A row that has the values already is left; one that would be updated again after that, such as
   * by `{ n: literal('n + 1') }`, is refused.
   */
  bulkUpdate(table: string, values: Row, where: Condition, ...rest: never[]): void {
    assertNoMore('bulkUpdate', rest);
    this.changes.push(bulkUpdateOf(table, values, where));
  }

  /** Inserts rows. A row that is there already, by its primary key or a unique key, is left. */
  bulkInsert(table: string, rows: BulkInsert['rows'], ...rest: never[]): void {
    assertNoMore('bulkInsert', rest);
    this.changes.push(bulkInsertOf(table, rows));
  }

  /** Deletes rows, in batches. Refused where other rows refer to them, and are not to be deleted with them. */
  bulkDelete(table: string, where: Condition, ...rest: never[]): void {
    assertNoMore('bulkDelete', rest);
    this.changes.push(bulkDeleteOf(table, where));
  }

  /** Runs SQL, in order with the other changes. What it does is only known when it runs. */
  sql(options: SqlOptions, ...rest: never[]): void {
    assertNoMore('sql', rest);
    this.changes.push(runSql(options));
  }
}

/** How a column or a table is removed. */
export interface RemovalOptions {
  /**
   * Delete it for good, with all its data. Left out: it is kept aside, an undo of the migration restores it, and the command
   * `purge` deletes it when it is not needed any more.
   */
  readonly purge?: boolean;
}

function purgedBy(what: string, options: RemovalOptions): { readonly isPurged?: true } {
  assertKnown(what, options, ['purge']);
  const { purge = false } = options;
  assertOneOf(`${what}: purge`, purge, [true, false]);
  return purge ? { isPurged: true } : {};
}

function createTable(
  method: string,
  table: string,
  attributes: Record<string, ColumnAttributes>,
  options: CreateTableOptions,
): CreateTable {
  const what = `${method} of ${table}`;
  assertName(method, table);
  assertKnown(what, options, ['existing', 'comment', 'indexes']);
  if ('comment' in options) assertComment(what, options.comment);
  const { existing = 'converge', indexes = [], comment } = options;
  assertOneOf(`${what}: existing`, existing, ['converge', 'keep']);
  assertObject(what, attributes);
  for (const [column, columnAttributes] of Object.entries(attributes)) {
    assertColumn(method, table, column, columnAttributes);
  }
  const declared = indexes.map(({ fields, ...rest }) => addIndex(method, table, fields, rest));
  const constraints = Object.entries(attributes).flatMap(([column, declaration]) =>
    uniqueOf(table, column, declaration),
  );
  const rest = comment === undefined ? {} : { comment };
  return { kind: 'createTable', table, attributes, existing, ...rest, indexes: declared, constraints };
}

function addIndex(
  method: string,
  table: string,
  fields: readonly IndexField[],
  options: IndexOptions,
): AddIndex {
  const what = `${method} of ${table}`;
  assertName(method, table);
  assertFields(what, fields);
  assertKnown(what, options, INDEX_OPTIONS);
  assertOneOf(`${what}: unique`, options.unique ?? false, [true, false]);
  if ('where' in options) assertCondition(what, options.where);
  if (options.include !== undefined) assertColumns(what, 'include', options.include);
  const name = nameOfIndex(table, fields, options);
  if (name === undefined) throw new Error(`${what}: an index on an expression needs a name: { name: '…' }.`);
  assertName(what, name);
  return { kind: 'addIndex', table, fields, name, options };
}

/** The constraint of a column that is declared unique. */
function uniqueOf(table: string, column: string, { unique }: ColumnAttributes): AddUnique[] {
  if (unique !== true) return [];
  const name = uniqueColumnName(table, column);
  return [{ kind: 'addConstraint', table, name, type: 'unique', fields: [column] }];
}
