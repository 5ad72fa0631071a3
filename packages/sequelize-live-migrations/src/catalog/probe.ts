import {
  type Catalog,
  type Column,
  columnNamed,
  type Contents,
  type ForeignKey,
  referencesSame,
  type Table,
} from './model';
import { type Change, forwardOf } from '../vocabulary';
import { type Query, quoteIdentifier, quoteLiteral } from '../postgres';
import { replacedName, KEPT_ASIDE, keptAsideName, withKeptAside } from './kept-aside-names';

interface Catalogs {
  readonly live: Catalog;
  readonly desired: Catalog;
}

/** A question about the rows: does `select` find one? */
interface Probe {
  readonly name: string;
  readonly select: string;
}

/** A live table, under its own name or one of `withKeptAside`, and the table that is desired. */
interface Pair {
  readonly live: Table;
  readonly desired: Table;
}

/**
 * Queries the rows for what a plan needs to know and the catalogs do not have. For no more than that, because a query
 * may have to scan a large table (with an ACCESS SHARE lock, which blocks neither reads nor writes).
 */
export async function probe(
  query: Query,
  schema: string,
  { live, desired }: Catalogs,
  changes: readonly Change[],
): Promise<Contents> {
  const inSchema = (table: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  const pairsOf = (some: readonly Change[]): Pair[] =>
    [...new Set(some.map((change) => forwardOf(change).table))].flatMap((name) => {
      const declared = desired.tables.get(name);
      const tables = withKeptAside([name]).map((liveName) => live.tables.get(liveName));
      return tables.flatMap((table) => (table && declared ? [{ live: table, desired: declared }] : []));
    });
  const changed = pairsOf(changes);
  const reconciled = pairsOf(changes.filter((change) => !('undoes' in change)));
  const names = new Set([...changed.map((pair) => pair.live.name), ...keptAsideIn(live)]);
  return {
    reasonsToKeep: new Map(),
    withRows: await whereTrue(
      query,
      [...names].map((name) => ({ name, select: rowsSql(inSchema(name)) })),
    ),
    withNulls: await whereTrue(
      query,
      ofColumns(reconciled, columnsToBecomeNotNull, ({ name }, table) => nullsSql(inSchema(table), name)),
    ),
    withOrphans: await whereTrue(
      query,
      reconciled.flatMap((pair) =>
        unvalidatedKeys(pair, live).map((key) => ({
          name: columnKey(pair.live.name, key.columns.join()),
          select: orphansSql(inSchema(pair.live.name), inSchema(key.references.table), key),
        })),
      ),
    ),
    withValues: await whereTrue(query, valueProbes(changed, inSchema)),
  };
}

function valueProbes(pairs: readonly Pair[], inSchema: (table: string) => string): Probe[] {
  return pairs.flatMap((pair) =>
    duplicatedColumns(pair).map((column) => ({
      name: columnKey(pair.live.name, column.name),
      select: valuesSql(inSchema(pair.live.name), column),
    })),
  );
}

/** One probe for each of the columns that `choose` returns. */
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

/** The name that a column has in `Contents`. */
export function columnKey(table: string, column: string): string {
  return `${table}.${column}`;
}

/** The names of the probes that find a row. */
async function whereTrue(query: Query, probes: readonly Probe[]): Promise<Set<string>> {
  if (probes.length === 0) return new Set();
  const questions = probes.map(
    ({ name, select }) => `SELECT ${quoteLiteral(name)} AS name WHERE EXISTS (${select})`,
  );
  const rows = await query<{ name: string }>(questions.join(' UNION ALL '));
  return new Set(rows.map(({ name }) => name));
}

/** The tables that an undo has kept aside. */
function keptAsideIn({ tables }: Catalog): string[] {
  return [...tables.keys()].filter((name) => name.startsWith(KEPT_ASIDE));
}

/** Finds a row of a table; also where a row security policy may hide rows from the current role (manual, 5.9). */
export function rowsSql(table: string): string {
  return `SELECT WHERE row_security_active(${quoteLiteral(table)}::regclass) OR EXISTS (SELECT FROM ${table})`;
}

function nullsSql(table: string, column: string): string {
  return `SELECT FROM ${table} WHERE ${quoteIdentifier(column)} IS NULL`;
}

/** Finds a row in which a column is neither null nor `defaultSql`, the default that the column is to have. */
export function valuesSql(
  table: string,
  { name, defaultSql }: { name: string; defaultSql: string | null },
): string {
  const column = quoteIdentifier(name);
  return `SELECT FROM ${table} WHERE row_security_active(${quoteLiteral(table)}::regclass) OR ${column} IS NOT NULL AND ${column}::text IS DISTINCT FROM (${defaultSql ?? 'NULL'})::text`;
}

/** The nullable columns that are to be NOT NULL, and have no default that could fill their nulls. */
function columnsToBecomeNotNull({ live, desired }: Pair): readonly Column[] {
  return desired.columns
    .filter((column) => column.notNull && column.default === null)
    .flatMap(({ name }) => columnNamed(live, name) ?? columnNamed(live, keptAsideName(name)) ?? [])
    .filter(({ notNull }) => !notNull);
}

/** The columns that exist more than once, as one kept aside and one created since, with the default that is desired. */
function duplicatedColumns({ live, desired }: Pair) {
  return desired.columns.flatMap(({ name, default: defaultSql }) => {
    const names = withKeptAside([name]).filter((liveName) => columnNamed(live, liveName));
    const isAmbiguous = names.length > 1 || names.includes(replacedName(name));
    return isAmbiguous ? names.map((liveName) => ({ name: liveName, defaultSql })) : [];
  });
}

/** The desired foreign keys for which there is no validated one, but the columns and the referenced table exist. */
function unvalidatedKeys(pair: Pair, live: Catalog): readonly ForeignKey[] {
  return pair.desired.foreignKeys.filter(
    (key) =>
      !pair.live.foreignKeys.some((liveKey) => liveKey.valid && referencesSame(key, liveKey)) &&
      key.columns.every((column) => columnNamed(pair.live, column)) &&
      live.tables.has(key.references.table),
  );
}

/** Selects the orphaned rows: those that reference a row which does not exist. */
export function orphansSql(table: string, parentTable: string, { columns, references }: ForeignKey): string {
  const referencing = columns.map((column) => `child.${quoteIdentifier(column)}`);
  const referenced = references.columns.map((column) => `parent.${quoteIdentifier(column)}`);
  const complete = referencing.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const same = referencing.map((column, n) => `${referenced[n] ?? ''} = ${column}`).join(' AND ');
  return `SELECT child.* FROM ${table} AS child WHERE ${complete} AND NOT EXISTS (SELECT FROM ${parentTable} AS parent WHERE ${same})`;
}
