import { attachedSql } from './attached-sql';
import type { Table } from './model';
import type { Shadows } from './shadows';

/**
 * What somebody has put on a live table, or on one of its columns, and who drops that drops as well: rights, policies,
 * triggers and the like, in words.
 *
 * @param shadow of the table, under whatever name
 * @param column as the shadow names it; left out: the whole table
 */
export async function attachedTo(shadows: Shadows, shadow: Table, column?: string): Promise<string[]> {
  const [origin, live] = [shadows.originOf(shadow), shadows.liveOf(shadow)];
  if (!origin || !live) return [];
  const table = `${live.oid}::oid`;
  if (column === undefined) return textsOf(shadows, attachedSql({ table }));
  const number = shadow.columns.find(({ name }) => name === column)?.number;
  const liveColumn = number === undefined ? undefined : origin.columns.get(number);
  return liveColumn === undefined ? [] : textsOf(shadows, attachedSql({ table, column: liveColumn }));
}

async function textsOf(shadows: Shadows, sql: string): Promise<string[]> {
  return (await shadows.rowsWith<{ text: string }>('text', sql)).map(({ text }) => text);
}
