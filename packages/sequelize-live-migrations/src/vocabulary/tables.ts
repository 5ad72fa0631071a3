import {
  assertColumn,
  assertColumns,
  assertFields,
  assertKnown,
  assertName,
  assertObject,
  assertOneOf,
} from './assertions';
import type { AddIndex, AddUnique, CreateTable } from './changes';
import type { ColumnAttributes } from './columns';
import { assertComment } from './comments';
import { assertCondition } from './conditions';
import { uniqueColumnName } from './default-names';
import { INDEX_OPTIONS, type IndexField, type IndexOptions, nameOfIndex } from './indexes';
import { shown } from './shown';

export interface CreateTableOptions {
  /**
   * What to do where a table of this name exists. `converge` (the default): it is reconciled with the declaration.
   * `keep`: it belongs to the application, which may have changed it since; it is left alone, except that its
   * primary key must be the declared one. Undoing drops such a table only where nothing at all would be lost.
   */
  readonly existing?: 'converge' | 'keep';
  /** Left out: the comment stays as it is. */
  readonly comment?: string;
  /**
   * Not Sequelize's: where the database has Citus, the column by which the rows of the table are distributed over its nodes.
   * Nothing where it has none, nor in a schema that is distributed as a whole.
   */
  readonly distributeBy?: string;
  /** The indexes to create with the table. */
  readonly indexes?: readonly ({ readonly fields: readonly IndexField[] } & IndexOptions)[];
}

/** How a column or a table is removed. */
export interface RemovalOptions {
  /**
   * Delete it for good, with all its data. Left out: it is kept aside, an undo of the migration restores it, and the command
   * `purge` deletes it when it is not needed any more.
   */
  readonly purge?: boolean;
}

/** What removes a column or a table for good, if that is declared. */
export function purgedBy(what: string, options: RemovalOptions): { readonly isPurged?: true } {
  assertKnown(what, options, ['purge']);
  const { purge = false } = options;
  assertOneOf(`${what}: purge`, purge, [true, false]);
  return purge ? { isPurged: true } : {};
}

/** @throws where something of a table is not known */
export function createTable(
  method: string,
  table: string,
  attributes: Record<string, ColumnAttributes>,
  options: CreateTableOptions,
): CreateTable {
  const what = `${method} of ${table}`;
  assertKnown(what, options, ['existing', 'comment', 'distributeBy', 'indexes']);
  if ('comment' in options) assertComment(what, options.comment);
  const { existing = 'converge', indexes = [], comment, distributeBy } = options;
  assertOneOf(`${what}: existing`, existing, ['converge', 'keep']);
  assertObject(what, attributes);
  for (const [column, columnAttributes] of Object.entries(attributes)) {
    assertColumn(method, table, column, columnAttributes);
  }
  if ('distributeBy' in options) assertOneOf(`${what}: distributeBy`, distributeBy, Object.keys(attributes));
  assertIndexes(what, indexes);
  const declared = indexes.map(({ fields, ...rest }) => addIndex(method, table, fields, rest));
  const constraints = Object.entries(attributes).flatMap(([column, declaration]) =>
    uniqueOf(table, column, declaration),
  );
  const rest = {
    ...(comment === undefined ? {} : { comment }),
    ...(distributeBy === undefined ? {} : { distributeBy }),
  };
  return { kind: 'createTable', table, attributes, existing, ...rest, indexes: declared, constraints };
}

function assertIndexes(what: string, indexes: unknown): void {
  if (!Array.isArray(indexes)) {
    throw new Error(
      `${what}: indexes are expected as an array, [{ fields: ['name'] }], and not ${shown(indexes)}.`,
    );
  }
  indexes.forEach((index: unknown, n) => assertObject(`${what}: index ${String(n + 1)}`, index));
}

/** @throws where something of an index is not known */
export function addIndex(
  method: string,
  table: string,
  fields: readonly IndexField[],
  options: IndexOptions,
): AddIndex {
  const what = `${method} of ${table}`;
  assertFields(what, fields);
  assertKnown(what, options, INDEX_OPTIONS);
  assertOneOf(`${what}: unique`, options.unique ?? false, [true, false]);
  const { using, operator } = options;
  for (const [option, value] of Object.entries({ using, operator })) {
    if (value !== undefined) assertName(`${what}: ${option}`, value);
  }
  if ('where' in options) assertCondition(what, options.where);
  if (options.include !== undefined) assertColumns(what, 'include', options.include);
  const name = nameOfIndex(table, fields, options);
  if (name === undefined) throw new Error(`${what}: an index on an expression needs a name: { name: '…' }.`);
  assertName(what, name);
  return { kind: 'addIndex', table, fields, name, options };
}

/** The constraint of a column that is declared unique. */
export function uniqueOf(table: string, column: string, { unique }: ColumnAttributes): AddUnique[] {
  if (unique !== true) return [];
  const name = uniqueColumnName(table, column);
  return [{ kind: 'addConstraint', table, name, type: 'unique', fields: [column] }];
}
