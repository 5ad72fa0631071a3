import { type ColumnUses, isBoundTo, type Trigger } from '../../catalog';
import type { Draft } from '../draft/draft';
import type { Overlap } from '../recognised/overlap';
import { isOfOverlap } from './triggers';

/** Says which triggers are fired by filling the second column of an overlap. */
export function filledNotices(draft: Draft, { table, target }: Overlap, uses: ColumnUses | undefined): void {
  const fired = ownTriggers(uses).filter(({ firesOnUpdate, enabled }) => firesOnUpdate && enabled !== 'D');
  if (fired.length === 0) return;
  const names = fired.map(({ name }) => name).join(', ');
  draft.notice(`filling ${table}.${target} updates each row, which fires ${names}`);
}

/** What goes on with a column, and would not be written when the other one has its place. */
export function usersOf(uses: ColumnUses | undefined, column: string): string[] {
  const bound = ownTriggers(uses).filter((trigger) => isBoundTo(trigger, column));
  return [...(uses?.dependents ?? []), ...bound.map(({ name }) => `trigger ${name}`)];
}

function ownTriggers(uses: ColumnUses | undefined): Trigger[] {
  return uses?.triggers.filter((trigger) => !isOfOverlap(trigger)) ?? [];
}
