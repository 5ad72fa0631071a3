import { Utils } from 'sequelize';
import { type Column, columnNamed, type Table } from '../catalog';
import type { ColumnAttributes } from '../vocabulary';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import type { Step } from './step';

/** So few that a batch takes only a fraction of the time for which another session may have to wait for its rows. */
const ROWS_A_BATCH = 1000;

/**
 * The step that fills the nulls of a column, in batches by primary key. Each batch locks its rows only while it writes
 * them, and what it has written stays when the run is interrupted. No step where there is neither a backfill nor a
 * default.
 */
export function fillStep(table: Table, column: Column, { backfill }: ColumnAttributes): Step[] {
  const declared = backfill instanceof Utils.Literal ? `(${String(backfill.val)})` : undefined;
  const values = [declared, column.default].filter((value) => value !== undefined && value !== null);
  if (values.length === 0) return [];
  const value = values.length > 1 ? `COALESCE(${values.join(', ')})` : String(values[0]);
  const batch = batchSql(table, column, value);
  return [
    {
      purpose: `fill the nulls of ${table.name}.${column.name}`,
      sql: batch(undefined),
      locks: [{ table: table.name, mode: 'ROW EXCLUSIVE' }],
      next: batch,
      onShadows: [],
    },
  ];
}

function batchSql(table: Table, column: Column, value: string): (last: string | undefined) => string {
  const name = quoteIdentifier(table.name);
  const target = quoteIdentifier(column.name);
  const keyColumns = table.primaryKey?.columns ?? [];
  const [keyColumn] = keyColumns;
  if (keyColumn === undefined || keyColumns.length > 1) {
    // Without a key of one column: whichever rows are found first. Done when the expression is null for all of them.
    return () => `WITH batch AS MATERIALIZED (
  SELECT ctid AS place FROM ${name} WHERE ${target} IS NULL LIMIT ${String(ROWS_A_BATCH)}
), filled AS (
  UPDATE ${name} SET ${target} = ${value} FROM batch WHERE ${name}.ctid = batch.place AND ${name}.${target} IS NULL
  RETURNING ${name}.${target} IS NOT NULL AS has_value
)
SELECT (SELECT 'more' FROM filled WHERE has_value LIMIT 1) AS last, (SELECT count(*)::int FROM filled) AS rows`;
  }
  const key = quoteIdentifier(keyColumn);
  const type = columnNamed(table, keyColumn)?.type ?? 'text';
  return (last) => {
    const after = last === undefined ? '' : `${key} > ${quoteLiteral(last)}::${type} AND `;
    // MATERIALIZED: the rows are found before the first of them is locked, however long that takes.
    return `WITH batch AS MATERIALIZED (
  SELECT ${key} AS key FROM ${name} WHERE ${after}${target} IS NULL ORDER BY ${key} LIMIT ${String(ROWS_A_BATCH)}
), filled AS (
  UPDATE ${name} SET ${target} = ${value} FROM batch WHERE ${name}.${key} = batch.key AND ${name}.${target} IS NULL
)
SELECT (SELECT key::text FROM batch ORDER BY batch.key DESC LIMIT 1) AS last, (SELECT count(*)::int FROM batch) AS rows`;
  };
}
