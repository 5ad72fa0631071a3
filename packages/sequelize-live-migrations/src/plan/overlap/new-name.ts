import { type AddConstraint, type AddIndex, type Change, leftBy } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import type { Overlap } from '../recognised/overlap';

// Which of two columns has the new name, only the migration that began the overlap says: after the undo of its end, the one that
// was restored is the second one at first, whichever it is.

/** The new name of two columns, as the migration says that gave it; undefined where none in the log has, or it has ended. */
export function newNameIn({ earlier }: Draft, { table, source, target }: Overlap): string | undefined {
  const both = [source, target];
  const last = earlier.findLast((change) => {
    if (change.kind === 'overlapColumn')
      return change.table === table && both.includes(change.from) && both.includes(change.to);
    return (
      change.kind === 'removeColumn' && change.undoes.table === table && both.includes(change.undoes.column)
    );
  });
  return last?.kind === 'overlapColumn' ? last.to : undefined;
}

/** The indexes and constraints that other migrations have given the new name, and so that alone. */
export function madeOnNewName(draft: Draft, overlap: Overlap): (AddIndex | AddConstraint)[] {
  const { table } = overlap;
  const column = newNameIn(draft, overlap);
  if (column === undefined) return [];
  const removal: Change = {
    kind: 'removeColumn',
    undoes: { kind: 'addColumn', table, column, attributes: { type: '' } },
  };
  return [...draft.earlier, ...draft.later].flatMap((change) => {
    const isPart = change.kind === 'addIndex' || change.kind === 'addConstraint';
    const isOnIt = isPart && change.table === table && leftBy(change, [removal], 'up') === undefined;
    return isOnIt ? [change] : [];
  });
}

/** Some indexes or constraints of the source of an overlap without those that the source alone is to have. */
export function withoutOwn<T extends { readonly name: string }>(
  draft: Draft,
  overlap: Overlap,
  belongings: readonly T[],
): T[] {
  const own = newNameIn(draft, overlap) === overlap.source ? madeOnNewName(draft, overlap) : [];
  return belongings.filter(({ name }) => own.every((change) => change.name !== name));
}
