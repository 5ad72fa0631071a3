import { type Change, tableOf, underCurrentNames } from '../vocabulary';
import { localRowsIn } from './citus/conflicts';
import type { Draft } from './draft/draft';
import { assertNoNamesake } from './draft/namesakes';
import { changedInOverlap, overlapChangedBy } from './overlap/conflicts';
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
 * Whether a change is about a table that an undo has dropped already, before it was cut short: then what it does to the
 * table before that need not be done.
 */
async function isGone(draft: Draft, change: Change): Promise<boolean> {
  const rest = draft.neighbours.after;
  const last = tableOf(underCurrentNames(change, rest));
  const isDropped = rest.some((other) => other.kind === 'dropTable' && other.undoes.table === last);
  const table = tableOf(change);
  return draft.run.direction === 'down' && isDropped && table !== undefined && !(await draft.find(table));
}

/**
 * Whether an index or a constraint need not be dropped, nor a column become what it was, because its table or one of its
 * columns is removed as well: it is dropped with that, or stays on it where it is kept aside. The same for rows whose
 * columns are all removed.
 */
function isRedundant(change: Change, changes: readonly Change[]): boolean {
  const columns = columnsOfReversal(change);
  if (columns === undefined) return false;
  const table = tableOf(change);
  const removed = changes.flatMap((other) =>
    other.kind === 'removeColumn' && other.undoes.table === table ? [other.undoes.column] : [],
  );
  const isDropped = changes.some((other) => other.kind === 'dropTable' && other.undoes.table === table);
  if (isDropped && !isOfCircle(change, changes)) return true;
  const isRemoved = (column: unknown) => removed.some((name) => name === column);
  return change.kind === 'keepRows' ? columns.every(isRemoved) : columns.some(isRemoved);
}

/** Whether a foreign key is removed whose parent is dropped as well: that may come first, and would be kept aside. */
function isOfCircle(change: Change, changes: readonly Change[]): boolean {
  if (change.kind !== 'removeConstraint' || change.undoes.type !== 'foreign key') return false;
  const { references } = change.undoes;
  return changes.some((other) => other.kind === 'dropTable' && other.undoes.table === references.table);
}

/** The columns of a change that is undone, as far as they are known; undefined for another change. */
function columnsOfReversal(change: Change): readonly unknown[] | undefined {
  if (change.kind === 'removeConstraint') return change.undoes.type === 'check' ? [] : change.undoes.fields;
  if (change.kind === 'restoreColumn') return [change.undoes.column];
  if (change.kind === 'keepRows')
    return change.undoes.kind === 'bulkUpdate' ? Object.keys(change.undoes.values) : [undefined];
  if (change.kind === 'removeRows') return Array.isArray(change.undoes.rows) ? undefined : [];
  if (change.kind !== 'removeIndex') return undefined;
  const { fields, options } = change.undoes;
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
