import { assertColumn, assertName, assertNoMore, assertRenamed } from './assertions';
import { bulkDeleteOf, bulkInsertOf, bulkUpdateOf } from './bulk';
import type { BulkInsert, Change } from './changes';
import type { ColumnAttributes } from './columns';
import { type ConstraintOptions, constraintOf } from './constraints';
import type { IndexField, IndexOptions } from './indexes';
import { inverseOf } from './inverse';
import {
  type ChangeColumnOptions,
  changeColumnOf,
  type RenameOptions,
  renameColumnOf,
} from './overlap-option';
import type { Condition, Row } from './rows';
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

  /**
   * The name of the table that a method is about. All tables of a migration are in one schema, since one search_path finds
   * them.
   *
   * @param rest what the method was given beyond what it takes
   */
  #table(method: string, table: TableName, rest: readonly unknown[]): string {
    assertNoMore(method, rest);
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
    this.#add(createTable('createTable', this.#table('createTable', table, rest), attributes, options));
  }

  /** @param was the columns of the table, so that an undo can create it where it was deleted for good */
  dropTable(
    table: TableName,
    was: Record<string, ColumnAttributes>,
    options: RemovalOptions = {},
    ...rest: never[]
  ): void {
    const name = this.#table('dropTable', table, rest);
    const purged = purgedBy(`dropTable of ${name}`, options);
    this.#add(inverseOf({ ...createTable('dropTable', name, was, {}), ...purged }));
  }

  addColumn(table: TableName, column: string, attributes: ColumnAttributes, ...rest: never[]): void {
    const name = this.#table('addColumn', table, rest);
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
    const name = this.#table('removeColumn', table, rest);
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
    const name = this.#table('changeColumn', table, rest);
    const changed = changeColumnOf(name, column, attributes, options);
    this.#add(changed, ...uniqueOf(name, column, attributes));
  }

  /** Renames a table at once: the previous release of the application does not find it any more. */
  renameTable(before: TableName, after: TableName, ...rest: never[]): void {
    const from = this.#table('renameTable', before, rest);
    const to = typeof after === 'object' ? this.#table('renameTable', after, rest) : after;
    assertRenamed('renameTable', from, to);
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
    this.#add(renameColumnOf(this.#table('renameColumn', table, rest), from, to, options));
  }

  /** Renames a label of the enum type of a column at once: the previous release of the application does not know the new one. */
  renameEnumValue(table: TableName, column: string, from: string, to: string, ...rest: never[]): void {
    const name = this.#table('renameEnumValue', table, rest);
    assertName('renameEnumValue', column);
    assertRenamed('renameEnumValue', from, to);
    this.#add({ kind: 'renameEnumValue', table: name, column, from, to });
  }

  addIndex(
    table: TableName,
    fields: readonly IndexField[],
    options: IndexOptions = {},
    ...rest: never[]
  ): void {
    this.#add(addIndex('addIndex', this.#table('addIndex', table, rest), fields, options));
  }

  removeIndex(
    table: TableName,
    fields: readonly IndexField[],
    options: IndexOptions = {},
    ...rest: never[]
  ): void {
    this.#add(inverseOf(addIndex('removeIndex', this.#table('removeIndex', table, rest), fields, options)));
  }

  renameIndex(table: TableName, from: string, to: string, ...rest: never[]): void {
    const name = this.#table('renameIndex', table, rest);
    assertRenamed('renameIndex', from, to);
    this.#add({ kind: 'renameIndex', table: name, from, to });
  }

  addConstraint(table: TableName, options: ConstraintOptions, ...rest: never[]): void {
    this.#add(constraintOf('addConstraint', this.#table('addConstraint', table, rest), options));
  }

  removeConstraint(table: TableName, was: ConstraintOptions, ...rest: never[]): void {
    this.#add(inverseOf(constraintOf('removeConstraint', this.#table('removeConstraint', table, rest), was)));
  }

  /**
   * Updates rows, in batches. A row that has the values already is left; one that would be updated again after that, such as
   * by `{ n: literal('n + 1') }`, is refused.
   */
  bulkUpdate(table: TableName, values: Row, where: Condition, ...rest: never[]): void {
    this.#add(bulkUpdateOf(this.#table('bulkUpdate', table, rest), values, where));
  }

  /** Inserts rows. A row that is there already, by its primary key or a unique key, is left. */
  bulkInsert(table: TableName, rows: BulkInsert['rows'], ...rest: never[]): void {
    this.#add(bulkInsertOf(this.#table('bulkInsert', table, rest), rows));
  }

  /** Deletes rows, in batches. Refused where other rows refer to them, and are not to be deleted with them. */
  bulkDelete(table: TableName, where: Condition, ...rest: never[]): void {
    this.#add(bulkDeleteOf(this.#table('bulkDelete', table, rest), where));
  }

  /** Runs SQL, in order with the other changes. What it does is only known when it runs. */
  sql(options: SqlOptions, ...rest: never[]): void {
    assertNoMore('sql', rest);
    this.#add(runSql(options));
  }
}
