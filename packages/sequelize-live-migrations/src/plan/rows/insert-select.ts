import type { Catalog, Table } from '../../catalog';
import { quoteIdentifier, quoteIdentifiers } from '../../postgres';
import type { Draft } from '../draft/draft';
import { insertSql, sequencesSql } from '../draft/insert-sql';
import { RefusedError } from '../draft/refused-error';
import { violationsOf } from '../draft/violations';
import { BATCH, isAfterSql, lastKeySql, WRITTEN } from './batch-keys';
import { keyAmong } from './insert-key';
import { ROWS_A_BATCH } from './row-batches';
import { declareRows, declareSql } from './rows-declared';

const SELECTED = 'rows to insert';
const ROWS = quoteIdentifier(SELECTED);

/** A query whose rows are inserted, and its columns, which have the names of those of the table. */
interface Selection {
  /** `(SELECT …) AS "rows to insert"` */
  readonly from: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Inserts what a query selects, in batches by the key of the table. What has been inserted stays when the run is
 * interrupted, and is not inserted again.
 */
export async function planInsertSelect(
  draft: Draft,
  table: Table,
  query: string,
  what: string,
): Promise<void> {
  const selected = await declareRows(draft, what, [columnsSql(query)]);
  if (selected === 'done') return;
  const selection = selectionIn(draft, query, selected);
  const { from, columns } = selection;
  const names = columns.map(({ name }) => name);
  const insert = insertSql(table, names, `SELECT ${quoteIdentifiers(names)} FROM`);
  if ((await declareRows(draft, what, [`EXPLAIN ${insert} ${from}`])) === 'done') return;
  const key = keyAmong(table, names);
  await lookForLost(draft, table, selection, key);
  const batch = (last: string | undefined, rows = ROWS_A_BATCH) =>
    `WITH ${batchSql(selection, key, { last, rows })}, ${WRITTEN} AS (
  ${insert} ${BATCH} ON CONFLICT (${quoteIdentifiers(key)}) DO NOTHING RETURNING 1
)
SELECT ${lastKeySql(key)} AS last, (SELECT count(*)::int FROM ${WRITTEN}) AS rows, NULL AS failure`;
  const step = {
    purpose: `insert rows into ${table.name}`,
    sql: batch(undefined),
    next: batch,
    onShadows: [],
    locks: [{ table: table.name, mode: 'ROW EXCLUSIVE' }],
  } as const;
  const sequences = sequencesSql(table, names).map((sql) => ({
    purpose: `set the sequence of ${table.name} past what was inserted`,
    sql,
    onShadows: [],
  }));
  draft.add(step, ...sequences);
  draft.rows.noteChanged(table, 'added');
}

/** Has PostgreSQL say which columns a query has. */
export async function selectionOf(draft: Draft, query: string): Promise<Selection> {
  return selectionIn(draft, query, await declareSql(draft, [columnsSql(query)]));
}

function selectionIn({ run }: Draft, query: string, declared: Catalog | undefined): Selection {
  const columns = declared?.tables.get(SELECTED)?.columns;
  if (columns) return { from: `(${withoutEnd(query)}\n) AS ${ROWS}`, columns };
  throw new RefusedError(
    `${run.name} selects rows by what its own SQL makes, so their columns are not known before. Nothing of it was done. ` +
      'Write the bulkInsert into a migration of its own.',
  );
}

function columnsSql(query: string): string {
  return `CREATE TEMPORARY TABLE ${ROWS} AS ${withoutEnd(query)}\nWITH NO DATA`;
}

function withoutEnd(query: string): string {
  return query.trim().replace(/;$/, '');
}

/** The rows of a batch, in the order of a key. MATERIALIZED: they are found before the first one is written. */
export function batchSql(
  { from, columns }: Selection,
  key: readonly string[],
  { last, rows }: { readonly last: string | undefined; readonly rows: number },
): string {
  const rest = last === undefined ? '' : ` WHERE ${isAfterSql(columns, key, last)}`;
  return `${BATCH} AS MATERIALIZED (
  SELECT * FROM ${from}${rest} ORDER BY ${quoteIdentifiers(key)} LIMIT ${String(rows)}
)`;
}

/** Rows that would be left out silently: those without a key, and all but one of those with the same. */
async function lookForLost(
  draft: Draft,
  table: Table,
  { from }: Selection,
  key: readonly string[],
): Promise<void> {
  const nulls = key.map((name) => `${quoteIdentifier(name)} IS NULL`).join(' OR ');
  const lost = `SELECT ${quoteIdentifiers(key)}, count(*) FROM ${from} GROUP BY ${quoteIdentifiers(key)} HAVING count(*) > 1 OR ${nulls}`;
  await violationsOf(draft, {
    table,
    query: () => lost,
    difference: (query) => ({
      what: `bulkInsert into ${table.name}`,
      expected: `a row for each ${key.join(' and ')}`,
      found: `several, or none: ${query};`,
    }),
  });
}
