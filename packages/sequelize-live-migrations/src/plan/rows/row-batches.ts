import type { Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import type { Step } from '../draft/step';
import { BATCH, isAfterSql, lastKeySql, WRITTEN } from './batch-keys';

/**
 * So few that a batch takes only a fraction of the time for which another session may have to wait for its rows. The run goes
 * by how long the batches take.
 */
export const ROWS_A_BATCH = 250;

/** What is done to the rows of a table for which a condition is true. */
interface Writing {
  readonly table: Table;
  readonly condition: string;
  /** The statement without its condition, up to where it takes the batch: `UPDATE "pets" SET "age" = 1 FROM`. */
  readonly statement: string;
  /** True of a row that is written and would be written again. */
  readonly isLeft: string;
  /** Why a batch with such a row fails; left out where it does not. */
  readonly failure?: string;
  /** How many rows to begin with. */
  readonly rowsABatch?: number;
}

const keyName = (n: number) => `key ${String(n)}`;
const KEY = (n: number) => quoteIdentifier(keyName(n));

/**
 * The step that writes rows in batches: by primary key, or without one by place. Each batch locks its rows only while it
 * writes them, and what it has written stays when the run is interrupted.
 */
export function rowBatches(writing: Writing): Omit<Step, 'purpose'> & Required<Pick<Step, 'next'>> {
  const { table, rowsABatch = ROWS_A_BATCH } = writing;
  const batch = table.primaryKey ? byKey(writing, table.primaryKey.columns) : byPlace(writing);
  return {
    sql: batch(undefined, rowsABatch),
    next: (last, rows = rowsABatch) => batch(last, rows),
    rowsABatch,
    locks: [{ table: table.name, mode: 'ROW EXCLUSIVE' }],
    onShadows: [],
  };
}

type BatchAfter = (last: string | undefined, rows: number) => string;

function byKey(writing: Writing, key: readonly string[]): BatchAfter {
  const { table } = writing;
  const names = key.map(quoteIdentifier);
  return (last, rows) =>
    batchSql(writing, {
      rows,
      select: names.map((name, n) => `${name} AS ${KEY(n)}`).join(', '),
      rest: last === undefined ? '' : `${isAfterSql(table.columns, key, last)} AND `,
      order: ` ORDER BY ${names.join(', ')}`,
      join: names
        .map((name, n) => `${quoteIdentifier(table.name)}.${name} = ${BATCH}.${KEY(n)}`)
        .join(' AND '),
      last: lastKeySql(key.map((_, n) => keyName(n))),
    });
}

/**
 * Without a key. A row that another session updates meanwhile moves, perhaps to where the batches have been: so they begin
 * again, until all of them together have written nothing.
 */
function byPlace(writing: Writing): BatchAfter {
  const name = quoteIdentifier(writing.table.name);
  return (last = BEGINNING, rows) => {
    const [hasWritten, place] = [1, 2].map((n) => `(${quoteLiteral(last)}::text[])[${String(n)}]`);
    const writes = `EXISTS (SELECT FROM ${WRITTEN} WHERE NOT is_left)`;
    return batchSql(writing, {
      rows,
      select: `ctid AS ${KEY(0)}, tableoid AS ${KEY(1)}`,
      rest: `ctid > ${String(place)}::tid AND `,
      order: '',
      join: `${name}.ctid = ${BATCH}.${KEY(0)} AND ${name}.tableoid = ${BATCH}.${KEY(1)}`,
      last:
        `CASE WHEN EXISTS (SELECT FROM ${BATCH}) THEN ARRAY[(${String(hasWritten)}::boolean OR ${writes})::text, ` +
        `(SELECT max(${KEY(0)})::text FROM ${BATCH})]::text WHEN ${String(hasWritten)}::boolean THEN ${quoteLiteral(BEGINNING)} END`,
    });
  };
}

/** Whether something has been written since the first row, and the place after which to go on. */
const BEGINNING = '{false,"(0,0)"}';

interface Part {
  readonly rows: number;
  readonly select: string;
  /** The condition of what is after the batch before. */
  readonly rest: string;
  readonly order: string;
  readonly join: string;
  /** What to give to the batch after this one. */
  readonly last: string;
}

// MATERIALIZED: the rows are found before the first of them is locked, however long that takes.
function batchSql(writing: Writing, { rows, select, rest, order, join, last }: Part): string {
  const { table, condition, statement, isLeft, failure } = writing;
  const name = quoteIdentifier(table.name);
  const failed =
    failure === undefined
      ? 'NULL'
      : `CASE WHEN EXISTS (SELECT FROM ${WRITTEN} WHERE is_left) THEN ${quoteLiteral(failure)} END`;
  return `WITH ${BATCH} AS MATERIALIZED (
  SELECT ${select} FROM ${name} WHERE ${rest}${condition}${order} LIMIT ${String(rows)}
), ${WRITTEN} AS (
  ${statement} ${BATCH} WHERE ${join} AND ${condition}
  RETURNING (${isLeft}) IS TRUE AS is_left
)
SELECT ${last} AS last, (SELECT count(*)::int FROM ${WRITTEN}) AS rows, ${failed} AS failure`;
}
