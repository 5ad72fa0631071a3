import type { Column, EnumType, ForeignKey, Index, Table } from '../catalog';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../postgres';

// The statements that create an object as the catalog model describes it. Names are written without a schema: every
// transaction that runs them has put the right one first in its `search_path`.

const SERIAL: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

/** `"status" enum_pets_kind DEFAULT 'active'::enum_pets_kind NOT NULL` */
export function columnSql(column: Column): string {
  const { name, type, notNull, serial } = column;
  const withDefault = serial || column.default === null ? '' : ` DEFAULT ${column.default}`;
  return `${quoteIdentifier(name)} ${(serial && SERIAL[type]) || type}${withDefault}${notNull ? ' NOT NULL' : ''}`;
}

/** The table with its primary key and foreign keys, without its indexes. */
export function createTableSql({ name, columns, primaryKey, foreignKeys }: Table): string {
  const parts = [
    ...columns.map(columnSql),
    ...(primaryKey
      ? [
          `CONSTRAINT ${quoteIdentifier(primaryKey.name)} PRIMARY KEY (${quoteIdentifiers(primaryKey.columns)})`,
        ]
      : []),
    ...foreignKeys.map(foreignKeySql),
  ];
  return `CREATE TABLE ${quoteIdentifier(name)} (\n  ${parts.join(',\n  ')}\n)`;
}

export function foreignKeySql({ name, columns, references, onUpdate, onDelete }: ForeignKey): string {
  return (
    `CONSTRAINT ${quoteIdentifier(name)} FOREIGN KEY (${quoteIdentifiers(columns)}) ` +
    `REFERENCES ${quoteIdentifier(references.table)} (${quoteIdentifiers(references.columns)}) ` +
    `ON UPDATE ${onUpdate} ON DELETE ${onDelete}`
  );
}

/** @param concurrently `CONCURRENTLY `, or nothing */
export function createIndexSql(
  table: string,
  { name, unique, method, keys }: Index,
  concurrently = '',
): string {
  const create = unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX';
  return `${create} ${concurrently}${quoteIdentifier(name)} ON ${quoteIdentifier(table)} USING ${method} (${keys.join(', ')})`;
}

export function createEnumSql({ name, labels }: EnumType): string {
  return `CREATE TYPE ${quoteIdentifier(name)} AS ENUM (${labels.map(quoteLiteral).join(', ')})`;
}
