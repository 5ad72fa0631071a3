import type { Catalog, Column, Contents, ForeignKey, Table } from './catalog';
import { columnNamed, pointsAtSame } from './compare';
import { subjectOf, type Intent } from './intents';
import { quoteIdentifier, quoteLiteral } from './names';

/** Runs SQL in the inspecting transaction, and gives its rows. */
export type Query = <Row extends object>(sql: string) => Promise<Row[]>;

interface Catalogs {
  readonly live: Catalog;
  readonly wanted: Catalog;
}

/** A question to the rows: does `select` find one? */
interface Probe {
  readonly name: string;
  readonly select: string;
}

/**
 * Looks into the tables for what the catalog does not say and the plan will have to know: no more than that,
 * because on a large table a look may have to read it from end to end (without a lock that anybody notices).
 */
export async function probe(
  query: Query,
  schema: string,
  { live, wanted }: Catalogs,
  intents: readonly Intent[],
): Promise<Contents> {
  const from = (table: string) => `FROM ${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  const pairsOf = (some: readonly Intent[]) =>
    [...new Set(some.map((intent) => subjectOf(intent).table))].flatMap((name) => {
      const [its, stated] = [live.tables.get(name), wanted.tables.get(name)];
      return its && stated ? [{ live: its, wanted: stated }] : [];
    });
  const touched = pairsOf(intents);
  const converging = pairsOf(intents.filter((intent) => !('undoes' in intent)));
  const whether = (probes: readonly Probe[]) => whereTrue(query, probes);
  return {
    withRows: await whether(touched.map(({ live: { name } }) => ({ name, select: `SELECT ${from(name)}` }))),
    withNulls: await whether(
      converging.flatMap((pair) =>
        columnsToBecomeNotNull(pair).map(({ name }) => ({
          name: columnKey(pair.live.name, name),
          select: `SELECT ${from(pair.live.name)} WHERE ${quoteIdentifier(name)} IS NULL`,
        })),
      ),
    ),
    withOrphans: await whether(
      converging.flatMap((pair) =>
        unprovenKeys(pair, live).map((key) => ({
          name: columnKey(pair.live.name, key.columns.join()),
          select: orphansSql(from(pair.live.name), from(key.references.table), key),
        })),
      ),
    ),
  };
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

interface Pair {
  readonly live: Table;
  readonly wanted: Table;
}

/** Columns that accept nulls, are to accept none, and have no default that could fill them. */
function columnsToBecomeNotNull({ live, wanted }: Pair): readonly Column[] {
  return wanted.columns.filter(({ name, notNull, ...column }) => {
    const found = columnNamed(live, name);
    return notNull && column.default === null && found && !found.notNull;
  });
}

/** Foreign keys that no live one vouches for, where both ends of them exist. */
function unprovenKeys(pair: Pair, live: Catalog): readonly ForeignKey[] {
  return pair.wanted.foreignKeys.filter(
    (key) =>
      !pair.live.foreignKeys.some((its) => its.valid && pointsAtSame(key, its)) &&
      key.columns.every((column) => columnNamed(pair.live, column)) &&
      live.tables.has(key.references.table),
  );
}

/** Selects the rows whose key points at nothing. */
export function orphansSql(from: string, fromParent: string, { columns, references }: ForeignKey): string {
  const its = columns.map((column) => `child.${quoteIdentifier(column)}`);
  const parents = references.columns.map((column) => `parent.${quoteIdentifier(column)}`);
  const complete = its.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const same = its.map((column, n) => `${parents[n] ?? ''} = ${column}`).join(' AND ');
  return `SELECT child.* ${from} AS child WHERE ${complete} AND NOT EXISTS (SELECT ${fromParent} AS parent WHERE ${same})`;
}
