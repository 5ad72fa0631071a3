import { tableOfParts } from './changed-tables';
import { type Change, isRename } from './changes';
import { leftBy } from './left-by';

/**
 * The changes of a migration that has run, without what it has declared and then removed itself. The others keep the names that
 * there are at each of them. What renames or removes something stays.
 */
export function withoutOwnRemovals(changes: readonly Change[]): Change[] {
  return changes.flatMap((change, n): Change | Change[] => {
    if ('undoes' in change || isRename(change)) return change;
    const since = changes.slice(n + 1);
    const isLeft = (one: Change) => leftBy(one, since, 'up') !== undefined;
    if (!isLeft(change)) return [];
    return change.kind === 'createTable' ? tableOfParts(change, isLeft) : change;
  });
}

/** Whether one of some later changes, which is a removal, is what leaves nothing of a change. */
export function isLostBy(change: Change, later: readonly Change[], removal: Change): boolean {
  const before = later.slice(0, later.indexOf(removal));
  return (
    leftBy(change, before, 'up') !== undefined && leftBy(change, [...before, removal], 'up') === undefined
  );
}
