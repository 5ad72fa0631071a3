import type { ColumnAttributes } from './intents';

/** `"user_sessions"`: an identifier as SQL writes it, whatever characters it holds. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** `"session_id", "created_at"` */
export function quoteIdentifiers(identifiers: readonly string[]): string {
  return identifiers.map(quoteIdentifier).join(', ');
}

/** `'it''s'`: a string as SQL writes it (with `standard_conforming_strings`, PostgreSQL's default). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

// The names that PostgreSQL (constraints) and Sequelize (indexes, enum types) give by themselves, and that
// the service's `sync()` has therefore given in every database there is.

export function primaryKeyName(table: string): string {
  return `${table}_pkey`;
}

export function foreignKeyName(table: string, column: string): string {
  return `${table}_${column}_fkey`;
}

export function indexName(table: string, columns: readonly string[]): string {
  return [table, ...columns].join('_');
}

/** What an undo puts before the name of a column or a table that it sets aside. */
export const SET_ASIDE = 'undone_';

/** `undone_status`, cut to the length that PostgreSQL cuts an identifier to (manual, 4.1.1). */
export function setAsideName(name: string): string {
  return Buffer.from(`${SET_ASIDE}${name}`).subarray(0, 63).toString();
}

/** The name of the enum type that belongs to a column, or undefined where the column is no enum. */
export function enumNameOf(table: string, column: string, attributes: ColumnAttributes): string | undefined {
  return enumLabelsOf(attributes) && `enum_${table}_${column}`;
}

/** The labels of a `DataTypes.ENUM`, in order, or undefined where the type is another one. */
export function enumLabelsOf({ type }: ColumnAttributes): readonly string[] | undefined {
  return typeof type === 'object' && 'key' in type && type.key === 'ENUM' && 'values' in type
    ? stringsOf(type.values)
    : undefined;
}

function stringsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}
