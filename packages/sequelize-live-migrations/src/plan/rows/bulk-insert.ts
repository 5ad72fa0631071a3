import { Utils } from 'sequelize';
import type { BulkInsert } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { planInsertSelect } from './insert-select';
import { declaredRows, planInsertValues } from './insert-values';
import { tableOfRows } from './rows-declared';

/** Inserts rows. What is there already, by its primary key or a unique key, is left. */
export async function planBulkInsert(draft: Draft, { table: name, rows }: BulkInsert): Promise<void> {
  const what = `rows are not inserted into ${name}`;
  const table = await tableOfRows(draft, what, name);
  if (!table) return;
  if (rows instanceof Utils.Literal) {
    await planInsertSelect(draft, table, String(rows.val), what);
  } else {
    await planInsertValues(draft, table, declaredRows(draft, table, rows), what);
  }
}
