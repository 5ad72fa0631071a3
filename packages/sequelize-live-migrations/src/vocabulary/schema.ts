import { assertColumn, assertName, assertNoMore } from './assertions';
import { bulkDeleteOf, bulkInsertOf, bulkUpdateOf } from './bulk';
import { type ChangeColumnOptions, changeColumnOf } from './change-column';
import { type Change, inverseOf } from './changes';
import type { ColumnAttributes } from './columns';
import { type ConstraintOptions, constraintOf } from './constraints';
import type { IndexField, IndexOptions } from './indexes';
import { type RenameOptions, renameColumnOf } from './rename-column';
import type { BulkInsert, Condition, Row } from './rows';
import { runSql, type SqlOptions } from './sql';
import { inSchema, partsOf, type TableName, type TableParts } from './table-name';
import {
  addIndex,
  createTable,
  type CreateTableOptions,
  purgedBy,
  type RemovalOptions,
  uniqueOf,
} from './tables';

/**
 * Collects the changes that a migration declares. The methods and their arguments are those of Sequelize's
 * `QueryInterface`, except that a method which removes something also takes what it was, so that it can be restored.
 * The methods do no I/O, so there is nothing to await.
 *
 * Each throws an error that names what it does not know: nothing is left out silently, also in JavaScript.
 */
export class Schema {
  readonly changes: Change[] = [];
  /** The first table that was named. */
  #first: TableParts | undefined;

  #add(...changes: readonly Change[]): void {
    this.changes.push(...changes.map((change) => inSchema(change, this.#first?.schema)));
  }

  /** The name of a table. All tables of a migration are in one schema, since one search_path finds them. */
  #named(method: string, table: TableName): string {
    const { name, schema } = partsOf(method, table);
    this.#first ??= { name, schema };
    const first = this.#first;
    if (schema === first.schema) return name;
    const [here, there] = [schema, first.schema].map((one) => one ?? 'that of the migration log');
    throw new Error(
      `${method} of ${name}: its schema is ${String(here)}, and that of ${first.name} is ${String(there)}. Write a migration for ` +
        'each schema. A foreign key between two is written as SQL: schema.sql({ up: … }).',
    );
  }

  createTable(
    table: TableName,
    attributes: Record<string, ColumnAttributes>,
    options: CreateTableOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('createTable', rest);
    this.#add(createTable('createTable', this.#named('createTable', table), attributes, options));
  }

  /** @param was the columns of the table, so that an undo can create it where it was deleted for good */
  dropTable(
    table: TableName,
    was: Record<string, ColumnAttributes>,
    options: RemovalOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('dropTable', rest);
    const name = this.#named('dropTable', table);
    const purged = purgedBy(`dropTable of ${name}`, options);
    this.#add(inverseOf({ ...createTable('dropTable', name, was, {}), ...purged }));
  }

  addColumn(table: TableName, column: string, attributes: ColumnAttributes, ...rest: never[]): void {
    assertNoMore('addColumn', rest);
    const name = this.#named('addColumn', table);
    assertColumn('addColumn', name, column, attributes);
    const added = { kind: 'addColumn', table: name, column, attributes } as const;
    this.#add(added, ...uniqueOf(name, column, attributes));
  }

  /** @param was the column, so that an undo can add it where it was deleted for good */
  removeColumn(
    table: TableName,
    column: string,
    was: ColumnAttributes,
    options: RemovalOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('removeColumn', rest);
    const name = this.#named('removeColumn', table);
    assertColumn('removeColumn', name, column, was);
    const purged = purgedBy(`removeColumn of ${name}.${column}`, options);
    const removed = inverseOf({ kind: 'addColumn', table: name, column, attributes: was, ...purged });
    this.#add(...uniqueOf(name, column, was).map(inverseOf), removed);
  }

  /** Changes a column: at once, or with `overlap` so that a later `changeColumn` to the same type is brief. */
  changeColumn(
    table: TableName,
    column: string,
    attributes: ColumnAttributes,
    options: ChangeColumnOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('changeColumn', rest);
    const name = this.#named('changeColumn', table);
    const changed = changeColumnOf(name, column, attributes, options);
    this.#add(changed, ...uniqueOf(name, column, attributes));
  }

  /** Renames a table at once: the previous release of the application does not find it any more. */
  renameTable(before: TableName, after: TableName, ...rest: never[]): void {
    assertNoMore('renameTable', rest);
    const from = this.#named('renameTable', before);
    const to = typeof after === 'string' ? after : this.#named('renameTable', after);
    [from, to].forEach((name) => assertName('renameTable', name));
    this.#add({ kind: 'renameTable', table: from, from, to });
  }

  /** Renames a column: at once, or so that the old name works as well, until a later `removeColumn` of it. */
  renameColumn(
    table: TableName,
    from: string,
    to: string,
    options: RenameOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('renameColumn', rest);
    this.#add(renameColumnOf(this.#named('renameColumn', table), from, to, options));
  }

  /**
   * Renames a label of the enum type of a column at once: the previous release of the application does not know the new one.
   */
  renameEnumValue(table: TableName, column: string, from: string, to: string, ...rest: never[]): void {
    assertNoMore('renameEnumValue', rest);
    const name = this.#named('renameEnumValue', table);
    [name, column, from, to].forEach((one) => assertName('renameEnumValue', one));
    this.#add({ kind: 'renameEnumValue', table: name, column, from, to });
  }

  addIndex(
    table: TableName,
    fields: readonly IndexField[],
    options: IndexOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('addIndex', rest);
    this.#add(addIndex('addIndex', this.#named('addIndex', table), fields, options));
  }

  removeIndex(
    table: TableName,
    fields: readonly IndexField[],
    options: IndexOptions = {},
    ...rest: never[]
  ): void {
    assertNoMore('removeIndex', rest);
    this.#add(inverseOf(addIndex('removeIndex', this.#named('removeIndex', table), fields, options)));
  }

  renameIndex(table: TableName, from: string, to: string, ...rest: never[]): void {
    assertNoMore('renameIndex', rest);
    const name = this.#named('renameIndex', table);
    [name, from, to].forEach((one) => assertName('renameIndex', one));
    this.#add({ kind: 'renameIndex', table: name, from, to });
  }

  addConstraint(table: TableName, options: ConstraintOptions, ...rest: never[]): void {
    assertNoMore('addConstraint', rest);
    this.#add(constraintOf('addConstraint', this.#named('addConstraint', table), options));
  }

  removeConstraint(table: TableName, was: ConstraintOptions, ...rest: never[]): void {
    assertNoMore('removeConstraint', rest);
    this.#add(inverseOf(constraintOf('removeConstraint', this.#named('removeConstraint', table), was)));
  }

  /**
   * Updates rows, in batches. A row that has the values already is left; one that would be updated again after that, such as
   * by `{ n: literal('n + 1') }`, is refused.
   */
  bulkUpdate(table: TableName, values: Row, where: Condition, ...rest: never[]): void {
    assertNoMore('bulkUpdate', rest);
    this.#add(bulkUpdateOf(this.#named('bulkUpdate', table), values, where));
  }

  /** Inserts rows. A row that is there already, by its primary key or a unique key, is left. */
  bulkInsert(table: TableName, rows: BulkInsert['rows'], ...rest: never[]): void {
    assertNoMore('bulkInsert', rest);
    this.#add(bulkInsertOf(this.#named('bulkInsert', table), rows));
  }

  /** Deletes rows, in batches. Refused where other rows refer to them, and are not to be deleted with them. */
  bulkDelete(table: TableName, where: Condition, ...rest: never[]): void {
    assertNoMore('bulkDelete', rest);
    this.#add(bulkDeleteOf(this.#named('bulkDelete', table), where));
  }

  /** Runs SQL, in order with the other changes. What it does is only known when it runs. */
  sql(options: SqlOptions, ...rest: never[]): void {
    assertNoMore('sql', rest);
    this.#add(runSql(options));
  }
}
