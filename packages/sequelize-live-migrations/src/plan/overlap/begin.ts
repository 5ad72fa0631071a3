import type { ColumnUses, Table } from '../../catalog';
import { columnIn } from '../declared/as-declared';
import type { Draft } from '../draft/draft';
import type { Overlap } from '../recognised/overlap';
import { belongingsOf } from './belongings';
import { carryOver } from './carry';
import { keepEqual, replaceable, updateTriggers } from './triggers';

/**
 * Has triggers keep two columns equal from now on, and makes the target like the source in all the rest. In the transaction
 * in which the target has come.
 *
 * @param uses what stands on the source
 */
export async function beginOverlap(draft: Draft, overlap: Overlap, uses: ColumnUses): Promise<void> {
  const { table, source, target } = overlap;
  await addTriggers(draft, overlap);
  const both = (columns: readonly string[]) =>
    columns.includes(source) ? [...new Set([...columns, target])] : columns;
  draft.add(...updateTriggers(table, replaceable(uses), both));
  await carryOver(draft, overlap, true);
}

/** Adds the triggers of an overlap, whose columns are there. */
export async function addTriggers(draft: Draft, overlap: Overlap): Promise<void> {
  const table = await draft.table(overlap.table);
  draft.add(keepEqual(overlap, columnIn(table, overlap.target), await isUnique(draft, table, overlap)));
}

async function isUnique(draft: Draft, table: Table, { source }: Overlap): Promise<boolean> {
  const { indexes, constraints } = await belongingsOf(draft, table, source);
  return indexes.some(({ unique }) => unique) || constraints.some(({ type }) => type === 'u');
}
