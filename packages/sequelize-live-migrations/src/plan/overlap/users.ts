import type { ColumnUses, Trigger } from '../../catalog';
import type { Draft } from '../draft/draft';
import type { Overlap } from '../recognised/overlap';
import { isOfOverlap } from './triggers';

/** What goes on with a column, and would not be written any more when the other one has its place. */
export function usersOf(uses: ColumnUses, column: string): string[] {
  const bound = ownTriggers(uses).filter((trigger) => isBoundTo(trigger, column));
  return [
    ...uses.dependents,
    ...uses.generatedColumns.map((generated) => `the generated column ${generated}`),
    ...uses.referringTables.map((table) => `a foreign key of ${table}`),
    ...bound.map(({ name }) => `trigger ${name}`),
  ];
}

/** Whether a trigger goes on with a column in a way that replacing its `UPDATE OF` does not change. */
function isBoundTo({ usesColumn, isConstraint, updateOf }: Trigger, column: string): boolean {
  return usesColumn || (isConstraint && updateOf?.columns.includes(column) === true);
}

/** How it is refused that a column goes. */
export interface Refusal {
  readonly expected: string;
  /** What a schema.sql before it has to do: `drops it`. */
  readonly instead: string;
}

/** Whether nothing goes on with one of two columns, which is to go; otherwise that is refused. */
export function isUnused(
  draft: Draft,
  { table, conversion }: Overlap,
  column: string,
  uses: ColumnUses,
  { expected, instead }: Refusal,
): boolean {
  // The foreign keys that refer to a column of another type refer to the first one as well.
  const users = usersOf(conversion ? { ...uses, referringTables: [] } : uses, column);
  if (users.length === 0) return true;
  const found = `${users.join(', ')}. Write a schema.sql before this, which ${instead}`;
  draft.refuse({ what: `column ${table}.${column}`, expected, found });
  return false;
}

/** Says which triggers are fired by filling the second column of an overlap. */
export function filledNotices(draft: Draft, { table, target }: Overlap, uses: ColumnUses): void {
  const fired = ownTriggers(uses).filter(({ firesOnUpdate, enabled }) => firesOnUpdate && enabled !== 'D');
  if (fired.length === 0) return;
  const names = fired.map(({ name }) => name).join(', ');
  draft.notice(`filling ${table}.${target} updates each row, which fires ${names}`);
}

function ownTriggers({ triggers }: ColumnUses): Trigger[] {
  return triggers.filter((trigger) => !isOfOverlap(trigger));
}
