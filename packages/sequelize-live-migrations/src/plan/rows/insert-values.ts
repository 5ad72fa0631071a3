import type { Table } from '../../catalog';
import { quoteIdentifiers } from '../../postgres';
import type { Row } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { insertSql, sequencesSql } from '../draft/insert-sql';
import { RefusedError } from '../draft/refused-error';
import type { Step } from '../draft/step';
import { keyAmong } from './insert-key';
import { type DeclaredValue, valuesOf } from './row-values';
import { declareRows } from './rows-declared';

/** So few that the locks of their neighbours are not held for longer because of them. */
const FEW = 100;
/** Nobody waits for rows that are new, unless for their keys. */
const MANY = 1000;

/** Rows as SQL, and the columns in which they have values. */
interface DeclaredRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly DeclaredValue[])[];
}

/** The rows of a change, without the columns that a later migration, which has run, removes. */
export function declaredRows(draft: Draft, table: Table, rows: readonly Row[]): DeclaredRows {
  const [first = {}] = rows;
  const columns = Object.keys(first).filter((column) => !draft.isRemovedLater(table.name, { column }));
  const inOrder = (row: Row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  return { columns, rows: rows.map((row) => valuesOf(draft.sequelize, table, inOrder(row))) };
}

/** Inserts rows: a few together with what else the migration does, many in transactions of their own. */
export async function planInsertValues(
  draft: Draft,
  table: Table,
  declared: DeclaredRows,
  what: string,
): Promise<void> {
  const { columns, rows } = declared;
  const statements = [`EXPLAIN ${insertSql(table, columns, valuesSql(rows))}`];
  if ((await declareRows(draft, what, statements)) === 'done') return;
  const key = keyAmong(table, columnsWithValues(declared));
  assertNoDuplicates(table, key, rows);
  if (!(await areMissing(draft, table, key, rows))) return;
  draft.add(...insertSteps(table, declared, key));
  draft.rows.noteChanged(table, 'added');
}

function insertSteps(table: Table, { columns, rows }: DeclaredRows, key: readonly string[]): Step[] {
  const size = rows.length > FEW ? MANY : FEW;
  const count = rows.length;
  const chunks = chunksOf(rows, size);
  return chunks.map((chunk, n) => {
    const [from, to] = [n * size + 1, n * size + chunk.length].map(String);
    const which =
      chunks.length > 1
        ? `rows ${String(from)} to ${String(to)} of ${String(count)}`
        : `${String(count)} ${count === 1 ? 'row' : 'rows'}`;
    const insert = `${insertSql(table, columns, valuesSql(chunk))} ON CONFLICT (${quoteIdentifiers(key)}) DO NOTHING`;
    return {
      purpose: `insert ${which} into ${table.name}`,
      sql: [insert, ...sequencesSql(table, columns)].join(';\n'),
      onShadows: [],
      locks: [{ table: table.name, mode: 'ROW EXCLUSIVE' }],
      ...(count > FEW ? { transaction: 'alone' } : {}),
    };
  });
}

function valuesSql(rows: DeclaredRows['rows']): string {
  return `VALUES\n  ${rows.map((row) => `(${row.map(({ sql }) => sql).join(', ')})`).join(',\n  ')}`;
}

/** The columns in which each row has a value that is the same whenever it is computed. */
export function columnsWithValues({ columns, rows }: DeclaredRows, orNull = false): string[] {
  return columns.filter((_, n) =>
    rows.every((row) => row[n]?.isExpression === false && (orNull || row[n].sql !== 'NULL')),
  );
}

/** The key of a row, as SQL. */
function keyOf(row: readonly DeclaredValue[], key: readonly string[]): DeclaredValue[] {
  return key.flatMap((name) => row.find(({ column }) => column.name === name) ?? []);
}

/** @throws RefusedError where two of the rows have the same key: one of them would be left out silently */
function assertNoDuplicates(table: Table, key: readonly string[], rows: DeclaredRows['rows']): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const values = keyOf(row, key)
      .map(({ sql }) => sql)
      .join(', ');
    if (seen.has(values)) {
      throw new RefusedError(
        `Two of the rows for ${table.name} have the same ${key.join(' and ')}: ${values}. Nothing of this migration was done.`,
      );
    }
    seen.add(values);
  }
}

/** Whether one of the rows is not there, as far as that is known by now. */
async function areMissing(
  draft: Draft,
  table: Table,
  key: readonly string[],
  rows: DeclaredRows['rows'],
): Promise<boolean> {
  if (draft.rows.areChanged(table) || !draft.live.has(table)) return true;
  const keys = rows.map((row) => `(${keyOf(row, key).map(typedSql).join(', ')})`);
  // Counted, because Citus has no correlated subquery over VALUES.
  return draft.isFound(
    `SELECT 1 FROM (SELECT count(*) AS there FROM ${draft.rows.sourceSql(table)} AS found ` +
      `WHERE (${quoteIdentifiers(key)}) IN (${keys.join(', ')})) AS counted WHERE there < ${String(rows.length)}`,
  );
}

/** A value in the type of its column. */
export function typedSql({ sql, column }: DeclaredValue): string {
  return `(${sql})::${column.type}`;
}

/** Rows in parts of a size, in their order; the last one may have fewer. */
export function chunksOf<Row>(rows: readonly Row[], size: number): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, n) =>
    rows.slice(n * size, (n + 1) * size),
  );
}
