import type { Referrer, Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { violationsOf } from '../draft/violations';
import { ROWS_A_BATCH } from './row-batches';
import { readsTables } from './row-values';

/** No name of a table or a column: conditions of migrations are in the same statement. */
const REFERRING = quoteIdentifier('referring rows');

/** Joins the rows of a table with those that refer to them. */
function joinSql({ name }: Table, { columns, referenced }: Referrer): string {
  const same = columns.map(
    (column, n) =>
      `${REFERRING}.${quoteIdentifier(column)} = ${quoteIdentifier(name)}.${quoteIdentifier(referenced[n] ?? '')}`,
  );
  return same.join(' AND ');
}

/** True of a row of a table to which others refer. */
export function isReferredSql(table: Table, referrer: Referrer, rows = referrer.sql): string {
  return `EXISTS (SELECT FROM ${rows} AS ${REFERRING} WHERE ${joinSql(table, referrer)})`;
}

/** Rows that refer to those which are to be deleted, and that PostgreSQL does not let go. */
export async function referencesOf(
  draft: Draft,
  table: Table,
  referrer: Referrer,
  condition: string,
): Promise<Difference[]> {
  if (!['NO ACTION', 'RESTRICT'].includes(referrer.onDelete)) return [];
  const child = await draft.find(referrer.relation);
  const children = child ? draft.rows.sourceSql(child) : referrer.sql;
  const referred = `${condition} AND ${isReferredSql(table, referrer, children)}`;
  const name = quoteIdentifier(table.name);
  return violationsOf(draft, {
    table,
    others: child ? [child] : [],
    isFound: readsTables(condition) ? undefined : () => draft.rows.find(table, referred),
    query: (source) =>
      `SELECT ${REFERRING}.* FROM ${child ? source(child) : referrer.sql} AS ${REFERRING} WHERE EXISTS ` +
      `(SELECT FROM ${source(table)} AS ${name} WHERE ${joinSql(table, referrer)} AND ${condition})`,
    difference: (query) => ({
      what: `bulkDelete of ${table.name}`,
      expected: 'that no row refers to what is deleted',
      found: `rows of ${referrer.relation} that do, by ${referrer.name}: ${query};`,
    }),
  });
}

/** What happens to the rows that refer to deleted ones; undefined where they stand against it. */
export function consequenceOf({ relation, onDelete }: Referrer): string | undefined {
  if (onDelete === 'CASCADE') return `the rows of ${relation} that refer to them are deleted with them`;
  return onDelete.startsWith('SET') ? `the rows of ${relation} that refer to them do so no more` : undefined;
}

/**
 * How many rows to delete at once, to begin with: what refers to each is deleted with it, or looked for among all rows where
 * no index leads to it.
 */
export function deletableAtOnce({ isIndexed, onDelete }: Referrer): number {
  if (!isIndexed) return 1;
  return ['NO ACTION', 'RESTRICT'].includes(onDelete) ? ROWS_A_BATCH : ROWS_A_BATCH / 10;
}
