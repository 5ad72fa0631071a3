import { type Change, columnsOf, leftByLast } from '../vocabulary';
import type { Proposal } from './call';
import { changesWithAnyValue } from './open-values';

/**
 * Says of the changes of columns that an undo leaves them, where no migration before declares what the column was: where it
 * was made by a plain migration, or by SQL.
 */
export function saidWhereLeft(proposals: readonly Proposal[], earlier: readonly Change[]): Proposal[] {
  const known = leftByLast(earlier)
    .flatMap(columnsOf)
    .map(({ table, column }) => JSON.stringify([table, column]));
  return proposals.map((proposal) => {
    const changed = changesWithAnyValue(proposal.up).flatMap((change) =>
      change.kind === 'changeColumn' ? [change] : [],
    );
    const unknown = changed.find(({ table, column }) => !known.includes(JSON.stringify([table, column])));
    if (!unknown || proposal.isLeft) return proposal;
    const note = `An undo leaves ${unknown.table}.${unknown.column} as it is: no migration declares what it was.`;
    return { ...proposal, notes: [...proposal.notes, note], isLeft: true };
  });
}
