import { quoteIdentifier } from '../../postgres';
import type { BulkDelete } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { consequenceOf, deletableAtOnce, referencesOf } from './referrers';
import { rowBatches, ROWS_A_BATCH } from './row-batches';
import { conditionSql, readsTables } from './row-values';
import { declareRows, tableOfRows } from './rows-declared';

/**
 * Deletes rows, in batches. Refused where others refer to them that are not to be deleted with them: PostgreSQL would say so
 * only when it has come to that row.
 */
export async function planBulkDelete(draft: Draft, change: BulkDelete): Promise<void> {
  const what = `rows of ${change.table} are not deleted`;
  const table = await tableOfRows(draft, what, change.table);
  if (!table) return;
  const condition = conditionSql(draft.sequelize, table, change.where);
  const statement = `DELETE FROM ${quoteIdentifier(table.name)}`;
  const statements = [`EXPLAIN ${statement} WHERE ${condition}`];
  if ((await declareRows(draft, what, statements)) === 'done') return;
  const isAsked = !readsTables(condition) && !draft.rows.areChanged(table);
  if (isAsked && !(await draft.rows.find(table, condition))) return;
  const referrers = draft.live.referrersOf(table);
  for (const referrer of referrers) {
    draft.refuse(...(await referencesOf(draft, table, referrer, condition)));
    const consequence = consequenceOf(referrer);
    if (consequence !== undefined) draft.notice(`rows of ${table.name} are deleted: ${consequence}`);
  }
  draft.add({
    purpose: `delete rows of ${table.name}`,
    ...rowBatches({
      table,
      condition,
      statement: `${statement} USING`,
      isLeft: 'false',
      rowsABatch: Math.min(ROWS_A_BATCH, ...referrers.map(deletableAtOnce)),
    }),
  });
  draft.rows.noteChanged(table, 'deleted');
}
