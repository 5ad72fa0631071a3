import {
  type Catalog,
  type Column,
  columnNamed,
  type Contents,
  type ForeignKey,
  pointsAtSame,
  type Table,
} from './model';
import { type Change, subjectOf } from '../vocabulary';
import { type Query, quoteIdentifier, quoteLiteral } from '../postgres';
import { replacedName, KEPT_ASIDE, keptAsideName } from './kept-aside-names';

interface Catalogs {
  readonly live: Catalog;
  readonly desired: Catalog;
}

/** A question to the rows: does `select` find one? */
interface Probe {
  readonly name: string;
  readonly select: string;
}

/** A table that is there, under its own name or the one under which it was set aside, and what it is to be. */
interface Pair {
  readonly live: Table;
  readonly desired: Table;
}

/**
 * Looks into the tables for what the catalog does not say and the plan will have to know: no more than that,
 * because on a large table a look may have to read it from end to end (without a lock that anybody notices).
 */
export async function probe(
  query: Query,
  schema: string,
  { live, desired }: Catalogs,
  changes: readonly Change[],
): Promise<Contents> {
  const inSchema = (table: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  const pairsOf = (some: readonly Change[]): Pair[] =>
    [...new Set(some.map((change) => subjectOf(change).table))].flatMap((name) => {
      const declared = desired.tables.get(name);
      const found = [name, keptAsideName(name), replacedName(name)].map((its) => live.tables.get(its));
      return found.flatMap((its) => (its && declared ? [{ live: its, desired: declared }] : []));
    });
  const touched = pairsOf(changes);
  const converging = pairsOf(changes.filter((change) => !('undoes' in change)));
  const names = new Set([...touched.map((pair) => pair.live.name), ...keptAsideIn(live)]);
  return {
    reasonsToKeep: new Map(),
    withRows: await whereTrue(
      query,
      [...names].map((name) => ({ name, select: rowsSql(inSchema(name)) })),
    ),
    withNulls: await whereTrue(
      query,
      ofColumns(converging, columnsToBecomeNotNull, ({ name }, table) => nullsSql(inSchema(table), name)),
    ),
    withOrphans: await whereTrue(
      query,
      converging.flatMap((pair) =>
        unprovenKeys(pair, live).map((key) => ({
          name: columnKey(pair.live.name, key.columns.join()),
          select: orphansSql(inSchema(pair.live.name), inSchema(key.references.table), key),
        })),
      ),
    ),
    withValues: await whereTrue(query, valueProbes(touched, inSchema)),
  };
}

function valueProbes(pairs: readonly Pair[], inSchema: (table: string) => string): Probe[] {
  return pairs.flatMap((pair) =>
    columnsInTwo(pair).map((column) => ({
      name: columnKey(pair.live.name, column.name),
      select: valuesSql(inSchema(pair.live.name), column),
    })),
  );
}

/** One probe for each of the columns that `choose` finds. */
function ofColumns(
  pairs: readonly Pair[],
  choose: (pair: Pair) => readonly Column[],
  select: (column: Column, table: string) => string,
): Probe[] {
  return pairs.flatMap((pair) =>
    choose(pair).map((column) => ({
      name: columnKey(pair.live.name, column.name),
      select: select(column, pair.live.name),
    })),
  );
}

/** The name under which `Contents` knows a column. */
export function columnKey(table: string, column: string): string {
  return `${table}.${column}`;
}

async function whereTrue(query: Query, probes: readonly Probe[]): Promise<Set<string>> {
  if (probes.length === 0) return new Set();
  const questions = probes.map(
    ({ name, select }) => `SELECT ${quoteLiteral(name)} AS name WHERE EXISTS (${select})`,
  );
  const rows = await query<{ name: string }>(questions.join(' UNION ALL '));
  return new Set(rows.map(({ name }) => name));
}

/** The tables that an undo has set aside. */
function keptAsideIn({ tables }: Catalog): string[] {
  return [...tables.keys()].filter((name) => name.startsWith(KEPT_ASIDE));
}

/** Finds a row of a table; one, too, where a policy may hide rows from the role that looks (manual, 5.9). */
export function rowsSql(table: string): string {
  return `SELECT WHERE row_security_active(${quoteLiteral(table)}::regclass) OR EXISTS (SELECT FROM ${table})`;
}

function nullsSql(table: string, column: string): string {
  return `SELECT FROM ${table} WHERE ${quoteIdentifier(column)} IS NULL`;
}

/** Finds a row that holds something in a column which is neither null nor what every row is to have. */
export function valuesSql(table: string, { name, usual }: { name: string; usual: string | null }): string {
  const column = quoteIdentifier(name);
  return `SELECT FROM ${table} WHERE row_security_active(${quoteLiteral(table)}::regclass) OR ${column} IS NOT NULL AND ${column}::text IS DISTINCT FROM (${usual ?? 'NULL'})::text`;
}

/** Columns that accept nulls, are to accept none, and have no default that could fill them. */
function columnsToBecomeNotNull({ live, desired }: Pair): readonly Column[] {
  return desired.columns
    .filter((column) => column.notNull && column.default === null)
    .flatMap(({ name }) => columnNamed(live, name) ?? columnNamed(live, keptAsideName(name)) ?? [])
    .filter(({ notNull }) => !notNull);
}

/** Columns of which there is more than one, with the default that they are to have. */
function columnsInTwo({ live, desired }: Pair) {
  return desired.columns.flatMap(({ name, default: usual }) => {
    const found = [name, keptAsideName(name), replacedName(name)].filter((its) => columnNamed(live, its));
    const isAmbiguous = found.length > 1 || found.includes(replacedName(name));
    return isAmbiguous ? found.map((its) => ({ name: its, usual })) : [];
  });
}

/** Foreign keys that no live one vouches for, where both ends of them exist. */
function unprovenKeys(pair: Pair, live: Catalog): readonly ForeignKey[] {
  return pair.desired.foreignKeys.filter(
    (key) =>
      !pair.live.foreignKeys.some((its) => its.valid && pointsAtSame(key, its)) &&
      key.columns.every((column) => columnNamed(pair.live, column)) &&
      live.tables.has(key.references.table),
  );
}

/** Selects the rows of a table whose key points at nothing in its parent. */
export function orphansSql(table: string, parentTable: string, { columns, references }: ForeignKey): string {
  const its = columns.map((column) => `child.${quoteIdentifier(column)}`);
  const parents = references.columns.map((column) => `parent.${quoteIdentifier(column)}`);
  const complete = its.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const same = its.map((column, n) => `${parents[n] ?? ''} = ${column}`).join(' AND ');
  return `SELECT child.* FROM ${table} AS child WHERE ${complete} AND NOT EXISTS (SELECT FROM ${parentTable} AS parent WHERE ${same})`;
}
