import { quoteIdentifier, quoteLiteral } from '../postgres';
import type { ForeignKey, Table } from './model';
import type { Shadows } from './shadows';

/**
 * What is to be known of the rows of live tables, asked when a plan needs it. Tables and columns are named as their
 * shadows are, which earlier steps of the plan may have renamed. A search takes an ACCESS SHARE lock, which blocks neither
 * reads nor writes, for as long as it needs.
 */
export class Rows {
  constructor(private readonly shadows: Shadows) {}

  /** Whether a table has rows; also where a row security policy may hide some from this role (manual, 5.9). */
  existIn(table: Table): Promise<boolean> {
    const source = this.source(table);
    return source === undefined ? Promise.resolve(false) : this.isFound(rowsSql(source.table));
  }

  /** Whether a column is null in a row. */
  async haveNulls(table: Table, column: string): Promise<boolean> {
    return this.find(table, `${quoteIdentifier(column)} IS NULL`);
  }

  /** Whether a column is neither null nor `defaultSql` in a row. */
  async haveValues(table: Table, column: string, defaultSql: string | null): Promise<boolean> {
    const source = this.source(table);
    if (source === undefined) return false;
    return this.isFound(valuesSql(source.rows, source.table, { name: column, defaultSql }));
  }

  /** Whether there are rows that do not reference an existing row of `parent`. */
  async areOrphaned(table: Table, parent: Table, key: ForeignKey): Promise<boolean> {
    const [source, parentSource] = [this.source(table), this.source(parent)];
    if (source === undefined) return false;
    if (parentSource === undefined) return this.find(table, completeSql(quoteIdentifier(table.name), key));
    return this.isFound(orphansSql(source.rows, parentSource.rows, key));
  }

  /** Whether there is a row for which a condition is true, which may name the table. */
  async find(table: Table, condition: string): Promise<boolean> {
    const source = this.source(table);
    return (
      source !== undefined &&
      (await this.isFound(`SELECT FROM ${source.rows} AS ${quoteIdentifier(table.name)} WHERE ${condition}`))
    );
  }

  /**
   * Where to select the rows of a table from, for a query to be run by hand when nothing is done yet: with the columns under
   * the names that they will have.
   */
  sourceSql(table: Table): string {
    const source = this.source(table);
    return source === undefined || source.rows === source.table ? quoteIdentifier(table.name) : source.rows;
  }

  /** Whether a query finds a row. */
  private async isFound(select: string): Promise<boolean> {
    const rows = await this.shadows.ask<{ found: boolean }>(`SELECT true AS found WHERE EXISTS (${select})`);
    return rows.some((row) => 'found' in row);
  }

  private source(shadow: Table): { readonly table: string; readonly rows: string } | undefined {
    const origin = this.shadows.originOf(shadow);
    if (!origin) return undefined;
    const table = `${quoteIdentifier(this.shadows.place.schema)}.${quoteIdentifier(origin.table)}`;
    if (shadow.columns.every(({ name, number }) => origin.columns.get(number) === name)) {
      return { table, rows: table };
    }
    const columns = shadow.columns.map(({ name, number, type, default: value }) => {
      const was = origin.columns.get(number);
      const original = was === undefined ? `(${value ?? 'NULL'})::${type}` : quoteIdentifier(was);
      return `${original} AS ${quoteIdentifier(name)}`;
    });
    return { table, rows: `(SELECT ${columns.join(', ')} FROM ${table})` };
  }
}

/** Finds a row of a table; also where a row security policy may hide rows from the current role (manual, 5.9). */
export function rowsSql(table: string): string {
  return `SELECT WHERE row_security_active(${quoteLiteral(table)}::regclass) OR EXISTS (SELECT FROM ${table})`;
}

/** Finds a row in which a column is neither null nor `defaultSql`, the default that the column is to have. */
export function valuesSql(
  rows: string,
  table: string,
  { name, defaultSql }: { readonly name: string; readonly defaultSql: string | null },
): string {
  const column = quoteIdentifier(name);
  return `SELECT FROM ${rows} AS rows WHERE row_security_active(${quoteLiteral(table)}::regclass) OR ${column} IS NOT NULL AND ${column}::text IS DISTINCT FROM (${defaultSql ?? 'NULL'})::text`;
}

/** Selects the orphaned rows: those that reference a row which does not exist. */
export function orphansSql(table: string, parentTable: string, key: ForeignKey): string {
  const same = key.columns.map(
    (column, n) =>
      `parent.${quoteIdentifier(key.references.columns[n] ?? '')} = child.${quoteIdentifier(column)}`,
  );
  return (
    `SELECT child.* FROM ${table} AS child WHERE ${completeSql('child', key)} ` +
    `AND NOT EXISTS (SELECT FROM ${parentTable} AS parent WHERE ${same.join(' AND ')})`
  );
}

/** The condition that a row references another one: none of the columns is null (MATCH SIMPLE). */
function completeSql(row: string, { columns }: ForeignKey): string {
  return columns.map((column) => `${row}.${quoteIdentifier(column)} IS NOT NULL`).join(' AND ');
}
