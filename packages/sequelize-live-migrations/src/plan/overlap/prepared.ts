import { type Change, parentsOf, tableOf } from '../../vocabulary';
import { columnIn } from '../declared/as-declared';
import { alterColumn } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { conversionOf, type Overlap, overlapsOf } from '../recognised/overlap';
import { carryBelongings } from './carry';

// A column of another type that is prepared has all that the column has in whose place it comes, also what that gets or loses
// meanwhile: otherwise a null that this one accepts would be an error of the other one.

/** Whether a column is prepared, or will be by one of the changes: otherwise the shadows need not be read after each. */
export async function isAnyPrepared(draft: Draft, changes: readonly Change[]): Promise<boolean> {
  const { tables } = await draft.catalog();
  const isThere = [...tables.values()].flatMap(overlapsOf).some(({ conversion }) => conversion);
  return isThere || changes.some(({ kind }) => kind === 'convertColumn' || kind === 'restoreColumn');
}

/**
 * Gives the columns that are prepared what a change has given those in whose place they come. Not where a change after it
 * prepares the column: that may be half prepared, by a run that was cut short, and without its values.
 */
export async function keepPrepared(draft: Draft, change: Change): Promise<void> {
  const { after } = draft.neighbours;
  for (const name of new Set([tableOf(change), ...parentsOf(change)])) {
    const table = name === undefined ? undefined : await draft.find(name);
    const isPrepared = ({ source, conversion }: Overlap) =>
      conversion &&
      !after.some(
        (other) => other.kind === 'convertColumn' && other.column === source && other.table === name,
      );
    const prepared = table ? overlapsOf(table).filter(isPrepared) : [];
    for (const overlap of prepared) await carryBelongings(draft, overlap);
  }
}

/** Lets a column that is prepared be null where the other one may be. */
export async function dropNotNullOfPrepared(draft: Draft, name: string, column: string): Promise<void> {
  const table = await draft.table(name);
  const prepared = conversionOf(table, column);
  if (!prepared || !columnIn(table, prepared.target).notNull) return;
  draft.add(alterColumn(name, prepared.target, 'drop not null of', 'DROP NOT NULL'));
}
