import { type Change, columnsOf, foreignKeysOf, leftByLast } from '../vocabulary';
import { changesOf, type Proposal } from './call';
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

/**
 * Removes a foreign key before one that acts otherwise is added in its place, where no migration before declares it: so an
 * undo adds it again. Both are done in one transaction. One that is declared, an undo restores by itself.
 */
export function withKeysRemoved(proposals: readonly Proposal[], earlier: readonly Change[]): Proposal[] {
  const declared = leftByLast(earlier).flatMap(keysDeclaredBy);
  return proposals.map(({ replaces, ...proposal }) => {
    if (!replaces) return proposal;
    const [key] = changesOf([replaces]).flatMap((change) =>
      'undoes' in change ? keysDeclaredBy(change.undoes) : [],
    );
    const isKnown = key !== undefined && declared.includes(key);
    return isKnown ? proposal : { ...proposal, up: [replaces, ...proposal.up] };
  });
}

/** The tables and columns of the foreign keys that a change declares. */
function keysDeclaredBy(change: Change): string[] {
  return foreignKeysOf(change).map(({ table, fields }) => JSON.stringify([table, ...fields]));
}
