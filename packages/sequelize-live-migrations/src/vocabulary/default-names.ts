import { Utils } from 'sequelize';
import { LONGEST_NAME } from '../postgres';

// The names that PostgreSQL (constraints) and Sequelize (indexes, enum types) give by themselves, and that an
// application's `sync()` has therefore given in existing databases.

/** @param n what PostgreSQL counts where the names without a number, and with smaller ones, are taken */
export function primaryKeyName(table: string, n = 0): string {
  return shortened([table], `pkey${n === 0 ? '' : String(n)}`);
}

export function foreignKeyName(table: string, column: string): string {
  return shortened([table, column], 'fkey');
}

/** Of a column that is declared unique; PostgreSQL gives it. */
export function uniqueColumnName(table: string, column: string): string {
  return shortened([table, column], 'key');
}

/** Of a constraint by itself; Sequelize gives it. */
export function uniqueName(table: string, columns: readonly string[]): string {
  return cutName([table, ...columns, 'uk'].join('_'));
}

/** Of a foreign key by itself; Sequelize gives it. */
export function foreignKeyConstraintName(table: string, columns: readonly string[], parent: string): string {
  return cutName([table, ...columns, parent, 'fk'].join('_'));
}

/** Sequelize writes it in lower case, with underscores: `sections_created_at` for `createdAt`. */
export function indexName(table: string, columns: readonly string[]): string {
  return cutName(Utils.underscoredIf([table, ...columns].join('_'), true));
}

export function enumName(table: string, column: string): string {
  return cutName(`enum_${table}_${column}`);
}

export function isTooLong(name: string): boolean {
  return Buffer.byteLength(name) > LONGEST_NAME;
}

/** A name as PostgreSQL cuts one that is too long: between two characters. */
export function cutName(name: string, longest = LONGEST_NAME): string {
  let cut = name;
  while (Buffer.byteLength(cut) > longest) cut = Array.from(cut).slice(0, -1).join('');
  return cut;
}

/** A name as PostgreSQL makes it: of parts that are too long together, the longest is shortened until they are not. */
function shortened(parts: readonly string[], ending: string): string {
  const lengths = parts.map((part) => Buffer.byteLength(part));
  const longest = LONGEST_NAME - Buffer.byteLength(ending) - parts.length;
  while (lengths.reduce((sum, length) => sum + length, 0) > longest) {
    const most = Math.max(...lengths);
    lengths[lengths.lastIndexOf(most)] = most - 1;
  }
  return [...parts.map((part, n) => cutName(part, lengths[n])), ending].join('_');
}
