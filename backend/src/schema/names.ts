import { createHash } from 'node:crypto';
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

/** `undone_status`; of a name that would be too long for an identifier (manual, 4.1.1), as much as fits and a hash. */
export function setAsideName(name: string): string {
  return withPrefix(SET_ASIDE, name);
}

/** What takes the place of a name that was set aside gets this before its own, where both are to be kept. */
export function replacedName(name: string): string {
  return withPrefix('replaced_', name);
}

const LONGEST_NAME = 63;

function withPrefix(prefix: string, name: string): string {
  const whole = prefix + name;
  if (Buffer.byteLength(whole) <= LONGEST_NAME) return whole;
  const ending = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  let cut = whole;
  while (Buffer.byteLength(cut + ending) > LONGEST_NAME) cut = cut.slice(0, -1);
  return cut + ending;
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
