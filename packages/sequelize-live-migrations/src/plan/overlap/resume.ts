import { columnNamed } from '../../catalog';
import type { ColumnDeclaration } from '../../vocabulary';
import { planAddConstraint } from '../constraints/constraints';
import { columnIn } from '../declared/as-declared';
import type { Draft } from '../draft/draft';
import { planAddIndex } from '../indexes/indexes';
import { nameToRestore, renameBack } from '../kept-aside/keep-aside';
import { removableColumn } from '../kept-aside/removable-column';
import { copyName, type Overlap, overlapBetween, overlapOf, overlappedWith } from '../recognised/overlap';
import { addTriggers, beginOverlap } from './begin';
import { belongingsOf, renameBelonging } from './belongings';
import { carryOver } from './carry';
import { moveDefault } from './default';
import { madeOnNewName, newNameIn, withoutOwn } from './new-name';
import { keepEqualNoMore } from './triggers';

/**
 * The undo of the removal that has ended an overlap. What the column had then is not what the rows have by now: so it is
 * restored beside the other one, is filled from that, and only then has the place that it had before, and what it alone had.
 *
 * @returns whether it is such an undo
 */
export async function resumeOverlap(
  draft: Draft,
  { table: name, column }: ColumnDeclaration,
): Promise<boolean> {
  const table = await draft.table(name);
  const interrupted = overlapOf(table, column);
  if (interrupted?.target === column) {
    await carryOver(draft, interrupted, false);
    await complete(draft, interrupted);
    return true;
  }
  if (columnNamed(table, column)) return false;
  const removable = removableColumn(draft, name, column);
  const asideName = await nameToRestore(draft, removable);
  const kept = asideName === undefined ? undefined : columnNamed(table, asideName);
  const other = kept && columnNamed(table, overlappedWith(kept.comment) ?? '');
  if (asideName === undefined || !other || overlapOf(table, other.name)) return false;
  await renameBack(draft, removable, asideName, other.comment);
  const overlap = overlapBetween(name, other.name, column);
  await beginOverlap(draft, overlap, await draft.live.usesOf(table, other));
  await complete(draft, overlap);
  return true;
}

/** Gives a column that is restored, and is the target, the place that it had, and what it had for itself. */
async function complete(draft: Draft, overlap: Overlap): Promise<void> {
  if (newNameIn(draft, overlap) !== overlap.target) {
    await turn(draft, overlap);
    return;
  }
  for (const change of madeOnNewName(draft, overlap)) {
    if (change.kind === 'addIndex') await planAddIndex(draft, change);
    else await planAddConstraint(draft, change);
  }
}

/** Exchanges the source and the target of an overlap, which are equal by then, with the names of what belongs to them. */
async function turn(draft: Draft, overlap: Overlap): Promise<void> {
  const { table: name, source, target } = overlap;
  const column = columnIn(await draft.table(name), source);
  draft.add(keepEqualNoMore(overlap), ...moveDefault(overlap, column));
  const table = await draft.table(name);
  const { indexes, constraints, foreignKeys } = await belongingsOf(draft, table, source);
  for (const { name: original } of withoutOwn(draft, overlap, [...indexes, ...constraints, ...foreignKeys])) {
    const copy = copyName(original);
    const moves = [
      [original, copyName(copy)],
      [copy, original],
      [copyName(copy), copy],
    ] as const;
    for (const [from, to] of moves) await renameBelonging(draft, name, from, to);
  }
  await addTriggers(draft, overlapBetween(name, target, source));
}
