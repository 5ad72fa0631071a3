import { quoteIdentifier, quoteLiteral } from '../postgres';
import { asReadAgain } from './as-read-again';
import { attachedSql } from './attached-sql';
import { type ColumnUses, isUses, NO_USES, usesSql } from './column-uses';
import type { Column, Dependent, Referrer, Table } from './model';
import { type Partition, partitionsSql } from './partitions';
import type { Shadows } from './shadows';

/**
 * What is to be known of live tables beside what their shadows show: what stands on them and has no shadow, such as views.
 * Tables and columns are named as their shadows are, which earlier steps of the plan may have renamed.
 */
export class LiveTables {
  constructor(private readonly shadows: Shadows) {}

  /** Whether a table was there before the migrations that are planned. */
  has(table: Table): boolean {
    return this.shadows.originOf(table) !== undefined;
  }

  isPartitioned(table: Table): boolean {
    return this.shadows.liveOf(table)?.kind === 'p';
  }

  isUnlogged(table: Table): boolean {
    return this.shadows.liveOf(table)?.isUnlogged === true;
  }

  /** The views that read a column. */
  viewsOf(table: Table, column: Column): readonly string[] {
    return this.shadows.liveColumnOf(table, column)?.views ?? [];
  }

  /** What depends on a table: what the shadows show, and what has no shadow. */
  dependentsOf(table: Table): readonly Dependent[] {
    const live = this.shadows.liveOf(table)?.dependents ?? [];
    return [...table.dependents, ...live.filter((dependent) => this.hasNoShadow(dependent))];
  }

  /** The foreign keys that refer to a table: what the shadows show, and those of tables without a shadow. */
  referrersOf(table: Table): readonly Referrer[] {
    const live = this.shadows.liveOf(table)?.referrers ?? [];
    const names = this.shadows.originOf(table)?.columns ?? new Map<number, string>();
    const now = (was: string) => table.columns.find(({ number }) => names.get(number) === was)?.name ?? was;
    const withoutShadow = live
      .filter((referrer) => this.hasNoShadow(referrer))
      .map((referrer) => ({ ...referrer, referenced: referrer.referenced.map(now) }));
    return [...table.referrers, ...withoutShadow];
  }

  /** The partitions of a table, those of partitions included, each after the table of which it is one. */
  async partitionsOf(table: Table): Promise<Partition[]> {
    const live = this.shadows.liveOf(table);
    if (!live) return [];
    const partitions = await this.shadows.rowsWith<Partition>('parent', partitionsSql(live.oid));
    return partitions.map((partition) => ({
      ...partition,
      indexes: partition.indexes.map((index) => ({ ...index, definition: asReadAgain(index.definition) })),
    }));
  }

  /** Whether a column is there already, and not only when the steps so far are done. */
  hasColumn(table: Table, column: Column): boolean {
    return this.shadows.liveColumnOf(table, column) !== undefined;
  }

  /** What stands on a column: nothing where that is not there yet. */
  async usesOf(table: Table, column: Column): Promise<ColumnUses> {
    const [live, liveColumn] = [this.shadows.liveOf(table), this.shadows.liveColumnOf(table, column)];
    if (!live || !liveColumn) return NO_USES;
    const select = `SELECT ${usesSql(live.oid, liveColumn.number)}::text AS uses`;
    const [row] = await this.shadows.rowsWith<{ uses: string }>('uses', select);
    const uses: unknown = JSON.parse(row?.uses ?? 'null');
    if (isUses(uses)) return uses;
    throw new Error(`PostgreSQL did not return what stands on ${table.name}.${column.name}.`);
  }

  /** What depends on a column, so that PostgreSQL neither drops it nor changes its type; but for foreign keys that refer to it. */
  async dependentsOn(table: Table, column: Column): Promise<string[]> {
    const { dependents, generatedColumns, triggers } = await this.usesOf(table, column);
    const name = this.shadows.liveColumnOf(table, column)?.name;
    const bound = triggers.filter(
      ({ usesColumn, updateOf }) => usesColumn || updateOf?.columns.some((one) => one === name),
    );
    return [
      ...dependents,
      ...generatedColumns.map((generated) => `the generated column ${generated}`),
      ...bound.map((trigger) => `trigger ${trigger.name}`),
    ];
  }

  /**
   * What somebody has put on a table, or on one of its columns, and who drops that drops as well: rights, policies, triggers
   * and the like, in words.
   *
   * @param column left out: the whole table
   */
  async attachedTo(table: Table, column?: Column): Promise<string[]> {
    const live = this.shadows.liveOf(table);
    const liveColumn = column && this.shadows.liveColumnOf(table, column);
    if (!live || (column && !liveColumn)) return [];
    const sql = attachedSql(`${live.oid}::oid`, liveColumn?.name);
    return (await this.shadows.rowsWith<{ text: string }>('text', sql)).map(({ text }) => text);
  }

  /**
   * Which of some names a table, an index or the like of the schema has that is no part of the tables that were inspected: what
   * those are called by then, their shadows show.
   */
  async takenElsewhere(names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const { live, place } = this.shadows;
    const inspected = [...live.tables.values()].map(({ oid }) => oid);
    const rows = await this.shadows.rowsWith<{ takenName: string }>(
      'takenName',
      `SELECT c.relname::text AS "takenName" FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
       WHERE c.relnamespace = ${quoteLiteral(quoteIdentifier(place.schema))}::regnamespace
         AND c.relname IN (${names.map(quoteLiteral).join(', ')})
         AND coalesce(i.indrelid, c.oid) <> ALL ('{${inspected.join()}}'::oid[])`,
    );
    return rows.map(({ takenName }) => takenName);
  }

  /** Whether a type of the schema has a name that is none of the enum types which were inspected. */
  async isTypeElsewhere(name: string): Promise<boolean> {
    return !this.shadows.live.enums.has(name) && this.shadows.isFound(`SELECT 1 ${this.typesNamed(name)}`);
  }

  /** Whether a table or a materialized view that was not inspected has a column of an enum type, or of arrays of it. */
  hasColumnsElsewhere(enumType: string): Promise<boolean> {
    const inspected = [...this.shadows.live.tables.values()].map(({ oid }) => oid);
    return this.shadows.isFound(
      `SELECT 1 ${this.typesNamed(enumType)} AND EXISTS (
         SELECT FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
         WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray) AND d.classid = 'pg_class'::regclass
           AND c.relkind IN ('r', 'p', 'f', 'm') AND c.oid <> ALL ('{${inspected.join()}}'::oid[]))`,
    );
  }

  private typesNamed(name: string): string {
    const schema = quoteLiteral(quoteIdentifier(this.shadows.place.schema));
    return `FROM pg_type t WHERE t.typnamespace = ${schema}::regnamespace AND t.typname = ${quoteLiteral(name)}`;
  }

  private hasNoShadow({ relation }: { readonly relation: string }): boolean {
    return !this.shadows.live.tables.has(relation);
  }
}
