import { sqlStateOf } from '../../postgres';
import { type AddConstraint, type AddIndex, leftBy } from '../../vocabulary';
import type { Draft } from './draft';

// A migration may make something, remove it, and make another thing of its name. Where a run was cut short after that, the
// name is that of the other thing.

/**
 * Whether what has the name of an index or a constraint is what the same migration makes under it later, after it has removed
 * what this change makes: then there is nothing to do for this change.
 *
 * @param isMade whether what has the name is what a change declares
 */
export async function isMadeAgain<Made extends AddIndex | AddConstraint>(
  draft: Draft,
  change: Made,
  isMade: (again: Made) => Promise<boolean>,
): Promise<boolean> {
  const { after } = draft.neighbours;
  if (draft.run.direction === 'down' || leftBy(change, after, 'up') !== undefined) return false;
  const again = after.filter((other): other is Made => isOfSameName(other, change)).at(-1);
  if (again === undefined) return false;
  try {
    return await isMade(again);
  } catch (error) {
    if (sqlStateOf(error) === undefined) throw error;
    return false; // it is about what is not there yet
  }
}

function isOfSameName(other: object, { kind, table, name }: AddIndex | AddConstraint): boolean {
  if (!('kind' in other && 'table' in other && 'name' in other)) return false;
  return other.kind === kind && other.table === table && other.name === name;
}
