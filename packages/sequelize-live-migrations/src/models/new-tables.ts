import type { Catalog, Constraint, ForeignKey, Table } from '../catalog';
import {
  type ColumnAttributes,
  type ConstraintOptions,
  type CreateTableOptions,
  foreignKeyName,
  uniqueColumnName,
} from '../vocabulary';
import { type Call, call, type Proposal } from './call';
import { attributesOf } from './column-attributes';
import { indexArguments, uniqueColumns } from './index-parts';
import type { IsLate } from './order-of-proposals';

/** Creates tables. */
export function newTables(catalog: Catalog, tables: readonly Table[], isLate: IsLate): Proposal[] {
  return tables.flatMap((table) => {
    const { early, late } = earlyAndLate(table, isLate);
    return [newTable(catalog, early), ...late.map((key) => lateKey(table, key))];
  });
}

/** A table with the keys that are declared with its columns, and those that are added, or removed, by themselves. */
export function earlyAndLate(table: Table, isLate: IsLate): { early: Table; late: ForeignKey[] } {
  const isLateKey = ({ columns }: ForeignKey) => isLate(table.name, columns.join());
  const early = { ...table, foreignKeys: table.foreignKeys.filter((key) => !isLateKey(key)) };
  return { early, late: table.foreignKeys.filter(isLateKey) };
}

function newTable(catalog: Catalog, table: Table): Proposal {
  const attributes = tableAttributes(catalog, table);
  const inColumns = uniquesOf(table).filter((unique) => isOfColumn(table, unique));
  const others = uniquesOf(table).filter((unique) => !inColumns.includes(unique));
  const declared = inColumns.reduce<Record<string, ColumnAttributes>>((all, { fields: [column = ''] }) => {
    const one = all[column];
    return one ? { ...all, [column]: { ...one, unique: true } } : all;
  }, attributes);
  const options = tableOptions(table);
  return {
    up: [
      call('createTable', table.name, declared, ...(Object.keys(options).length > 0 ? [options] : [])),
      ...others.map((unique) => addUnique(table, unique)),
    ],
    notes: [],
  };
}

/** The columns of a table, as a migration declares them to create it. */
export function tableAttributes(catalog: Catalog, table: Table): Record<string, ColumnAttributes> {
  const columns = table.columns.map(
    (column) => [column.name, attributesOf({ catalog, table }, column)] as const,
  );
  return Object.fromEntries(columns);
}

function tableOptions({ name, comment, indexes }: Table): CreateTableOptions {
  const declared = indexes.flatMap((index) => {
    const { fields, options } = indexArguments(name, index) ?? {};
    return fields ? [{ fields, ...options }] : [];
  });
  return {
    ...(comment === null ? {} : { comment }),
    ...(declared.length > 0 ? { indexes: declared } : {}),
  };
}

/** A unique constraint. */
export interface Unique {
  readonly name: string;
  readonly fields: readonly string[];
}

/** The unique constraints of a table that a migration can declare. */
export function uniquesOf({ constraints }: Pick<Table, 'constraints'>): Unique[] {
  return constraints.flatMap(({ type, name, definition }: Constraint) => {
    const fields = type === 'u' ? uniqueColumns(definition) : undefined;
    return fields ? [{ name, fields }] : [];
  });
}

function isOfColumn(table: Table, { name, fields }: Unique): boolean {
  const [column = ''] = fields;
  return fields.length === 1 && name === uniqueColumnName(table.name, column);
}

export function addUnique(table: Table, unique: Unique): Call {
  return call('addConstraint', table.name, uniqueOptions(unique));
}

export function removeUnique(table: Table, unique: Unique): Call {
  return call('removeConstraint', table.name, uniqueOptions(unique));
}

function uniqueOptions({ name, fields }: Unique): ConstraintOptions {
  return { type: 'unique', name, fields };
}

/** Adds a foreign key when the table to which it refers is there. */
export function lateKey(table: Table, key: ForeignKey): Proposal {
  return { ...addedKey(table, key), notes: [inCircle(table, key)] };
}

/** Removes a foreign key while the table to which it refers is as it was. */
export function removedKey(table: Table, key: ForeignKey): Proposal {
  return {
    up: [call('removeConstraint', table.name, foreignKeyOptions(key))],
    notes: [inCircle(table, key)],
  };
}

function inCircle({ name }: Table, { references }: ForeignKey): string {
  return `${name} and ${references.table} refer to each other.`;
}

/** Adds a foreign key by itself, under the name that it would have with its column. */
export function addedKey({ name: table }: Table, key: ForeignKey): Proposal {
  const options = foreignKeyOptions({ ...key, name: foreignKeyName(table, key.columns[0] ?? '') });
  return { up: [call('addConstraint', table, options)], notes: [] };
}

/** A foreign key as `addConstraint` takes it. */
export function foreignKeyOptions(key: ForeignKey): ConstraintOptions {
  const { name, columns, references, onUpdate, onDelete } = key;
  const [field = '', ...others] = references.columns;
  return {
    type: 'foreign key',
    name,
    fields: columns,
    references:
      others.length === 0
        ? { table: references.table, field }
        : { table: references.table, fields: references.columns },
    ...(onUpdate === 'NO ACTION' ? {} : { onUpdate }),
    ...(onDelete === 'NO ACTION' ? {} : { onDelete }),
  };
}
