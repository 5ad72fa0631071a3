import { Utils } from 'sequelize';
import { columnNamed, type Table } from '../../catalog';
import { quoteIdentifier, quoteIdentifiers, serverMessageOf } from '../../postgres';
import type { BulkDelete, BulkInsert, BulkUpdate, Row } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { BATCH, lastKeySql } from './batch-keys';
import { findKey } from './insert-key';
import { batchSql, selectionOf } from './insert-select';
import { chunksOf, columnsWithValues, declaredRows, typedSql } from './insert-values';
import { isReferredSql } from './referrers';
import { ROWS_A_BATCH } from './row-batches';
import { isMissing } from './rows-declared';

const DELETED = quoteIdentifier('rows deleted');

/**
 * Undoes an insertion: deletes the rows that are still as they were inserted, and to which no other row refers. How many
 * stay is only known when it runs.
 */
export async function planRemoveRows(draft: Draft, { table: name, rows }: BulkInsert): Promise<void> {
  const table = await draft.find(name);
  if (!table) return;
  try {
    const steps =
      rows instanceof Utils.Literal
        ? await removalOfSelected(draft, table, String(rows.val))
        : removalOfValues(draft, table, rows);
    const explained = steps.map(({ sql }) => `EXPLAIN ${sql}`);
    await draft.declare({ statements: explained });
    draft.add(...steps);
    if (steps.length > 0) draft.rows.noteChanged(table, 'deleted');
    else draft.notice(stayInWords(name, 'the key by which they were told from others is not there any more'));
  } catch (error) {
    if (!isMissing(error)) throw error;
    draft.notice(stayInWords(name, serverMessageOf(error)));
  }
}

/** Undoes an update or a deletion, of which nobody knows what the rows were before. */
export function planKeepRows(draft: Draft, { kind, table }: BulkUpdate | BulkDelete): Promise<void> {
  draft.notice(
    kind === 'bulkUpdate'
      ? `rows of ${table} that were updated stay as they are: what they were before is not known`
      : `rows of ${table} that were deleted are not restored: what they were is not known`,
  );
  return Promise.resolve();
}

function stayInWords(table: string, why: string): string {
  return `rows that were inserted into ${table} stay: ${why}`;
}

/** Rows that refer to each other go one after the other, so the last ones first, and each batch until nothing is left to do. */
function removalOfValues(draft: Draft, table: Table, inserted: readonly Row[]): Step[] {
  const { rows, columns } = declaredRows(draft, table, inserted);
  const compared = columnsWithValues({ rows, columns }, true);
  const key = findKey(table, columnsWithValues({ rows, columns }));
  if (!key) return [];
  return chunksOf(rows, ROWS_A_BATCH)
    .toReversed()
    .map((batch) => {
      const values = batch.map((row) => {
        const known = row.filter(({ column }) => compared.includes(column.name));
        return `(${known.map(typedSql).join(', ')})`;
      });
      const source = `${BATCH} (${quoteIdentifiers(compared)}) AS (VALUES\n  ${values.join(',\n  ')}\n)`;
      const again = `CASE WHEN EXISTS (SELECT FROM ${DELETED}) THEN 'again' END`;
      const sql = deleteSql(draft, table, {
        source,
        key,
        compared,
        last: again,
        isLast: `NOT EXISTS (SELECT FROM ${DELETED})`,
      });
      return { ...stepOf(table), sql, next: () => sql };
    });
}

async function removalOfSelected(draft: Draft, table: Table, query: string): Promise<Step[]> {
  const selection = await selectionOf(draft, query);
  const names = selection.columns.map(({ name }) => name);
  const key = findKey(table, names);
  if (!key) return [];
  const batch = (last: string | undefined, rows = ROWS_A_BATCH) => {
    const source = batchSql(selection, key, { last, rows });
    return deleteSql(draft, table, { source, key, compared: names, last: lastKeySql(key), isLast: 'true' });
  };
  return [{ ...stepOf(table), sql: batch(undefined), next: batch }];
}

function stepOf({ name }: Table): Omit<Step, 'sql'> {
  return {
    purpose: `delete the rows that were inserted into ${name}`,
    onShadows: [],
    locks: [{ table: name, mode: 'ROW EXCLUSIVE' }],
    left: stayInWords(name, 'they were changed since, or other rows refer to them'),
  };
}

interface Removal {
  /** The rows of the batch, as they were inserted. */
  readonly source: string;
  readonly key: readonly string[];
  readonly compared: readonly string[];
  /** What to give to the batch after this one. */
  readonly last: string;
  /** True where what is left then stays. */
  readonly isLast: string;
}

function deleteSql(draft: Draft, table: Table, { source, key, compared, last, isLast }: Removal): string {
  const name = quoteIdentifier(table.name);
  const inserted = (column: string) =>
    `(${BATCH}.${quoteIdentifier(column)})::${columnNamed(table, column)?.type ?? 'text'}`;
  const join = key.map((column) => `${name}.${quoteIdentifier(column)} = ${inserted(column)}`).join(' AND ');
  const isUnchanged = compared.map(
    (column) => `${name}.${quoteIdentifier(column)}::text IS NOT DISTINCT FROM ${inserted(column)}::text`,
  );
  const isUnreferred = draft.live
    .referrersOf(table)
    .map((referrer) => `NOT ${isReferredSql(table, referrer)}`);
  const deleted = `(SELECT count(*) FROM ${DELETED})`;
  return `WITH ${source}, ${DELETED} AS (
  DELETE FROM ${name} USING ${BATCH} WHERE ${[join, ...isUnchanged, ...isUnreferred].join(' AND ')} RETURNING 1
)
SELECT ${last} AS last, ${deleted}::int AS rows, NULL AS failure,
  CASE WHEN ${isLast} THEN (SELECT count(*) FROM ${name} JOIN ${BATCH} ON ${join})::int - ${deleted}::int END AS left`;
}
