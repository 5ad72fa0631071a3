import type { Column, Constraint, EnumType, ForeignKey, Index, Table } from './model';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../postgres';

// The statements that create an object as the catalog model describes it. Names are written without a schema: whatever
// runs them, on the live tables or on their shadows, has put the right one first in its `search_path`.

const SERIAL: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

/** `"status" enum_pets_kind DEFAULT 'active'::enum_pets_kind NOT NULL` */
export function columnSql(column: Column): string {
  const { name, type, notNull, serial } = column;
  return `${quoteIdentifier(name)} ${(serial && SERIAL[type]) || type}${valueSql(column)}${notNull ? ' NOT NULL' : ''}`;
}

/** Where the value of a column comes from, if a row does not give it. */
function valueSql({ default: value, generated, serial }: Column): string {
  if (generated === 's') return ` GENERATED ALWAYS AS (${value ?? 'NULL'}) STORED`;
  if (generated === 'v') return ` GENERATED ALWAYS AS (${value ?? 'NULL'})`;
  if (generated !== null) return ` GENERATED ${generated === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`;
  return serial || value === null ? '' : ` DEFAULT ${value}`;
}

/** The table with its constraints, without its indexes. */
export function createTableSql({ name, columns, primaryKey, constraints, foreignKeys }: Table): string {
  const parts = [
    ...columns.map(columnSql),
    ...(primaryKey
      ? [
          `CONSTRAINT ${quoteIdentifier(primaryKey.name)} PRIMARY KEY (${quoteIdentifiers(primaryKey.columns)})`,
        ]
      : []),
    ...constraints.map(
      (constraint) => `CONSTRAINT ${quoteIdentifier(constraint.name)} ${constraint.definition}`,
    ),
    ...foreignKeys.map(foreignKeySql),
  ];
  return `CREATE TABLE ${quoteIdentifier(name)} (\n  ${parts.join(',\n  ')}\n)`;
}

export function foreignKeySql(key: ForeignKey): string {
  const { name, columns, references, onUpdate, onDelete, deferrable } = key;
  const when = deferrable === 'NOT DEFERRABLE' ? '' : ` ${deferrable}`;
  return (
    `CONSTRAINT ${quoteIdentifier(name)} FOREIGN KEY (${quoteIdentifiers(columns)}) ` +
    `REFERENCES ${quoteIdentifier(references.table)} (${quoteIdentifiers(references.columns)}) ` +
    `ON UPDATE ${onUpdate} ON DELETE ${onDelete}${when}`
  );
}

/**
 * `ALTER TABLE "pets" ADD CONSTRAINT "of_age" CHECK (age >= 0) NOT VALID`
 *
 * @param only `ONLY ` for a partitioned table without its partitions, or nothing
 */
export function addConstraintSql(
  table: string,
  { name, type, definition, valid }: Constraint,
  only = '',
): string {
  const notValid = valid || type !== 'c' ? '' : ' NOT VALID';
  return `ALTER TABLE ${only}${quoteIdentifier(table)} ADD CONSTRAINT ${quoteIdentifier(name)} ${definition}${notValid}`;
}

/** The same for a foreign key. */
export function addForeignKeySql(table: string, key: ForeignKey): string {
  return `ALTER TABLE ${quoteIdentifier(table)} ADD ${foreignKeySql(key)}${key.valid ? '' : ' NOT VALID'}`;
}

/**
 * @param concurrently `CONCURRENTLY `, or nothing
 * @param only `ONLY ` for a partitioned table without its partitions, or nothing
 */
export function createIndexSql(
  table: string,
  { name, unique, definition }: Index,
  concurrently = '',
  only = '',
): string {
  const create = unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX';
  return `${create} ${concurrently}${quoteIdentifier(name)} ON ${only}${quoteIdentifier(table)} USING ${definition}`;
}

export function createEnumSql({ name, labels }: EnumType): string {
  return `CREATE TYPE ${quoteIdentifier(name)} AS ENUM (${labels.map(quoteLiteral).join(', ')})`;
}
