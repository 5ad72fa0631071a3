import { columnNamed } from '../../catalog';
import {
  type Change,
  isLostBy,
  isRename,
  isRowChange,
  leftBy,
  tableOf,
  underCurrentNames,
} from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { nameKeptAside } from './keep-aside';
import { removedBy } from './removed-by';

/**
 * Whether a change is about a table, or a column, that the migration has removed already, in a run that was cut short or in the
 * one that is compared: then what it does to that before need not be done.
 */
export async function isGone(draft: Draft, change: Change): Promise<boolean> {
  const table = tableOf(change);
  if (table === undefined) return false;
  const rest = draft.neighbours.after;
  if (draft.run.direction === 'up') {
    if (isRowChange(change)) return false;
    if (await isKeptAsideSince(draft, change, rest)) return true;
    if (makesName(change)) return false;
    if (await isOnRemovedColumn(draft, change, rest)) return true;
  }
  const last = tableOf(underCurrentNames(change, rest));
  const isDropped = rest.some((other) => other.kind === 'dropTable' && other.undoes.table === last);
  return isDropped && !(await draft.find(table));
}

/** Whether what a change makes, or is about, has been kept aside: that it was, is seen also where something else has its name. */
async function isKeptAsideSince(draft: Draft, change: Change, rest: readonly Change[]): Promise<boolean> {
  for (const other of rest) {
    const removed = isLostBy(change, rest, other) ? removedBy(draft, other) : undefined;
    if (removed && (await nameKeptAside(draft.run, removed)) !== undefined) return true;
  }
  return false;
}

/** Whether a change makes the name that it is about: that this is not there does not say that it was removed. */
function makesName(change: Change): boolean {
  return isRename(change) || ['createTable', 'addColumn', 'overlapColumn'].includes(change.kind);
}

/** Whether a column that a change needs is not there, and is removed later. */
async function isOnRemovedColumn(draft: Draft, change: Change, rest: readonly Change[]): Promise<boolean> {
  const found = await draft.find(tableOf(change) ?? '');
  return rest.some(
    (other) =>
      other.kind === 'removeColumn' &&
      found !== undefined &&
      columnNamed(found, other.undoes.column) === undefined &&
      leftBy(change, [other], 'up') === undefined,
  );
}
