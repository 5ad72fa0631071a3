import { quoteIdentifier, quoteLiteral, quoteQualified } from '../postgres';
import { type ForeignKey, type Table } from './model';
import type { RowsChanged, Shadows } from './shadows';

/** Where the rows of a table are read from. */
interface Source {
  readonly rows: string;
  /** The live table itself, for what needs none of its columns. */
  readonly table: string;
  readonly hidesRows: boolean;
  /** Whether all columns have their live names and labels. */
  readonly isUnchanged: boolean;
  /** Whether the columns are of enum types of the shadows, with labels that the live types do not have. */
  readonly isRelabelled: boolean;
}

/**
 * What is to be known of the rows of live tables, asked when a plan needs it. Tables and columns are named as their
 * shadows are, which earlier steps of the plan may have renamed. A search takes an ACCESS SHARE lock, which blocks neither
 * reads nor writes, for as long as it needs. A policy that hides rows makes it an error, never a wrong answer.
 */
export class Rows {
  /** @param areAssumed whether each table counts as one with rows, none of which stands against a change */
  constructor(
    private readonly shadows: Shadows,
    private readonly areAssumed: boolean,
  ) {}

  /** Notes that a step changes the rows of a table: what is asked of them now may not be true after that. */
  noteChanged({ name }: Table, how: RowsChanged): void {
    const before = this.shadows.changedRows.get(name) ?? [];
    this.shadows.changedRows.set(name, new Set([...before, how]));
  }

  /** Notes that a table has another name from then on. */
  noteRenamed(from: string, to: string): void {
    const changed = this.shadows.changedRows.get(from);
    this.shadows.changedRows.delete(from);
    if (changed) this.shadows.changedRows.set(to, changed);
  }

  /** Whether an earlier step of the plan changes the rows of a table. */
  areChanged({ name }: Table): boolean {
    return this.shadows.changedRows.has(name);
  }

  /** Whether a table has rows; also where a row security policy may hide some from this role. */
  async existIn(table: Table): Promise<boolean> {
    if (this.shadows.changedRows.get(table.name)?.has('added')) return true;
    const source = this.source(table);
    return (
      source !== undefined &&
      (this.areAssumed ||
        source.hidesRows ||
        (await this.shadows.isFound(`${rowsSql(source.table)} LIMIT 1`)))
    );
  }

  /** Whether a table has rows that no earlier step deletes: where one does, whether any are left is only known by then. */
  async stayIn(table: Table): Promise<boolean> {
    const areDeleted = this.shadows.changedRows.get(table.name)?.has('deleted') === true;
    return !areDeleted && this.existIn(table);
  }

  /** Whether a column is neither null nor `defaultSql` in a row; also where a policy may hide some. */
  async haveValues(table: Table, column: string, defaultSql: string | null): Promise<boolean> {
    return this.source(table)?.hidesRows === true || this.find(table, hasValueSql(column, defaultSql));
  }

  /** Whether there are rows that do not reference an existing row of `parent`. */
  async areOrphaned(table: Table, parent: Table, key: ForeignKey): Promise<boolean> {
    const [source, parentSource] = [this.source(table), this.source(parent)];
    if (source === undefined) return false;
    if (parentSource === undefined) return this.find(table, completeSql(quoteIdentifier(table.name), key));
    return this.isFound(orphansSql(source.rows, parentSource.rows, key), source, parentSource);
  }

  /** Whether there is a row for which a condition is true, which may name the table. */
  async find(table: Table, condition: string): Promise<boolean> {
    const source = this.source(table);
    if (source === undefined) return false;
    const select = `SELECT 1 FROM ${source.rows} AS ${quoteIdentifier(table.name)} WHERE ${condition}`;
    return this.isFound(select, source);
  }

  /**
   * Where to select the rows of a table from, for a query to be run by hand when nothing is done yet: with the columns under
   * the names that they will have.
   */
  sourceSql(table: Table): string {
    const source = this.source(table);
    return source === undefined || source.isUnchanged ? quoteIdentifier(table.name) : source.rows;
  }

  /** Whether a query finds a row. Without LIMIT, Citus fetches all of them, also for EXISTS. */
  private isFound(select: string, ...sources: readonly Source[]): Promise<boolean> {
    const isRelabelled = sources.some((source) => source.isRelabelled);
    return this.shadows.isFound(`${select} LIMIT 1`, isRelabelled);
  }

  /** The live table that a shadow was made from, with its rows under the names of the shadow's columns. */
  private source(shadow: Table): Source | undefined {
    const origin = this.shadows.originOf(shadow);
    const live = this.shadows.liveOf(shadow);
    if (!origin || !live) return undefined;
    const table = quoteQualified(this.shadows.place.schema, origin.table);
    const { hidesRows } = live;
    const relabelled = (type: string) => this.shadows.relabelled.labelsOf(type);
    const isRelabelled = shadow.columns.some(({ type }) => relabelled(type) !== undefined);
    if (!isRelabelled && shadow.columns.every(({ name, number }) => origin.columns.get(number) === name)) {
      return { rows: table, table, hidesRows, isUnchanged: true, isRelabelled };
    }
    const columns = shadow.columns.map(({ name, number, type, default: value }) => {
      const was = origin.columns.get(number);
      const labels = relabelled(type);
      const original = was === undefined ? `(${value ?? 'NULL'})::${type}` : quoteIdentifier(was);
      const current = was === undefined || !labels ? original : relabelledSql(original, type, labels);
      return `${current} AS ${quoteIdentifier(name)}`;
    });
    const rows = `(SELECT ${columns.join(', ')} FROM ${table})`;
    return { rows, table, hidesRows, isUnchanged: false, isRelabelled };
  }
}

/** A value of a live enum type, or an array of such, as one of the type of the shadows. */
function relabelledSql(value: string, type: string, labels: ReadonlyMap<string, string>): string {
  const renamed = [...labels].map(([live, now]) => [quoteLiteral(live), quoteLiteral(now)] as const);
  if (type.endsWith('[]')) {
    const replaced = renamed.reduce(
      (array, [live, now]) => `array_replace(${array}, ${live}, ${now})`,
      `${value}::text[]`,
    );
    return `${replaced}::${type}`;
  }
  const cases = renamed.map(([live, now]) => `WHEN ${live} THEN ${now}`).join(' ');
  return `${cases ? `(CASE ${value}::text ${cases} ELSE ${value}::text END)` : `${value}::text`}::${type}`;
}

/** Finds a row. With a column, because Citus refuses a query without any (13.2: `a column definition list is required`). */
export function rowsSql(rows: string): string {
  return `SELECT 1 FROM ${rows} AS rows`;
}

/** True of a row in which a column is neither null nor `defaultSql`, the default that the column is to have. */
export function hasValueSql(column: string, defaultSql: string | null): string {
  const value = quoteIdentifier(column);
  return `${value} IS NOT NULL AND ${value}::text IS DISTINCT FROM (${defaultSql ?? 'NULL'})::text`;
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
