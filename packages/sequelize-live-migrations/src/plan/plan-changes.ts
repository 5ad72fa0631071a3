import { type AddIndex, type Change, tableOf } from '../vocabulary';
import { localRowsIn } from './citus/conflicts';
import type { Draft } from './draft/draft';
import { assertNoNamesake } from './draft/namesakes';
import { changedInOverlap, overlapChangedBy } from './overlap/conflicts';
import { isGone } from './kept-aside/gone';
import { isAnyPrepared, keepPrepared } from './overlap/prepared';
import { planChange } from './planners';
import { assertRepeatable, underNamesFound } from './rename/renames-done';

/**
 * Adds the steps that make some changes to a draft, one change after the other: each is planned on what those before it
 * leave.
 *
 * @throws RefusedError where the database conflicts with the changes
 */
export async function planChanges(draft: Draft, changes: readonly Change[]): Promise<void> {
  const current = await underNamesFound(draft, changes);
  const hasPrepared = await isAnyPrepared(draft, changes);
  for (const [n, change] of current.entries()) {
    draft.neighbours = { before: current.slice(0, n), after: current.slice(n + 1) };
    if (isRedundant(change, current) || (await isGone(draft, change))) continue;
    assertNoNamesake(draft, change);
    await planOutsideOverlaps(draft, change);
    if (hasPrepared) await keepPrepared(draft, change);
  }
  draft.refuse(...localRowsIn(draft));
  draft.assertNoConflicts();
  assertRepeatable(draft, changes);
}

/**
 * Whether an index or a constraint need not be dropped, nor a column become what it was, because its table or one of its
 * columns is removed as well: it is dropped with that, or stays on it where it is kept aside. The same for rows whose
 * columns are all removed.
 */
function isRedundant(change: Change, changes: readonly Change[]): boolean {
  const table = tableOf(change);
  const isDropped = (name: string | undefined) =>
    changes.some((other) => other.kind === 'dropTable' && other.undoes.table === name);
  const isRemoved = (column: unknown) =>
    changes.some(
      (other) =>
        other.kind === 'removeColumn' && other.undoes.table === table && other.undoes.column === column,
    );
  switch (change.kind) {
    case 'restoreColumn':
      return isDropped(table) || isRemoved(change.undoes.column);
    case 'removeIndex':
      return isDropped(table) || columnsIn(change.undoes).some(isRemoved);
    case 'removeConstraint': {
      const { undoes } = change;
      // Of tables that refer to each other, the parent may be dropped first, and would be kept aside.
      const isOfCircle = undoes.type === 'foreign key' && isDropped(undoes.references.table);
      if (isDropped(table) && !isOfCircle) return true;
      return undoes.type !== 'check' && undoes.fields.some(isRemoved);
    }
    case 'keepRows': {
      const { undoes } = change;
      return (
        isDropped(table) || (undoes.kind === 'bulkUpdate' && Object.keys(undoes.values).every(isRemoved))
      );
    }
    case 'removeRows':
      return isDropped(table) && !Array.isArray(change.undoes.rows);
    default:
      return false;
  }
}

/** The columns of an index, and its expressions. */
function columnsIn({ fields, options }: AddIndex): unknown[] {
  const keys = fields.map((field) => (typeof field === 'object' && 'name' in field ? field.name : field));
  return [...keys, ...(options.include ?? [])];
}

/** Refuses what would make a column different from the one that it overlaps with. */
async function planOutsideOverlaps(draft: Draft, change: Change): Promise<void> {
  const overlap = await overlapChangedBy(draft, change);
  const before = draft.steps.length;
  await planChange(draft, change);
  if (overlap && draft.steps.length > before) draft.refuse(changedInOverlap(overlap));
}
