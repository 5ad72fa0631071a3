import { columnNamed, constraintNamed } from '../catalog';
import { type Change, type RenameColumn, underCurrentNames } from '../vocabulary';
import type { Draft } from './draft';
import { RefusedError } from './refused-error';

// A migration that is not in the log may have been cut short, after some of its steps. The one that cannot be seen from
// what it has left is a renamed column: what the changes before it say of the column holds under its new name.

/**
 * The changes of a migration with the names that columns have by now, where an interrupted run of it has renamed them: the
 * new name is there, and the old one is not.
 */
export async function underNamesFound(draft: Draft, changes: readonly Change[]): Promise<Change[]> {
  const { tables } = await draft.catalog();
  const isDone = (change: Change) => {
    if (change.kind !== 'renameColumn') return false;
    const table = tables.get(change.table);
    return (
      table !== undefined && !columnNamed(table, change.from) && columnNamed(table, change.to) !== undefined
    );
  };
  return changes.flatMap((change, n) => {
    const renames = changes.slice(n + 1).filter(isDone);
    const table = change.kind === 'addConstraint' ? tables.get(change.table) : undefined;
    // The names in its condition cannot be changed; but it is there, because it came first.
    const isThere = change.kind === 'addConstraint' && table && constraintNamed(table, change.name);
    return renames.length > 0 && isThere ? [] : [underCurrentNames(change, renames)];
  });
}

/**
 * Refuses names that are exchanged in a migration of several transactions: after a crash between them nobody could tell
 * whether they have been.
 *
 * @throws RefusedError with what to write instead
 */
export function assertRepeatable({ run, steps }: Draft, changes: readonly Change[]): void {
  const renames = changes.filter((change) => change.kind === 'renameColumn');
  const exchanged = renames.find((rename, n) =>
    renames.slice(0, n).some((earlier) => isTakenFrom(earlier, rename)),
  );
  if (!exchanged || steps.every(({ transaction, next }) => transaction === undefined && !next)) return;
  const lines = renames.map(
    ({ table, from, to }) => `  schema.renameColumn('${table}', '${from}', '${to}');\n`,
  );
  throw new RefusedError(
    `${run.name} gives columns of ${exchanged.table} the names of each other, and does more than fits into one ` +
      'transaction. After a crash in between, nobody could tell whether they have them. Nothing of this migration was ' +
      `done. Write these lines into a migration of their own:\n${lines.join('')}`,
  );
}

function isTakenFrom(earlier: RenameColumn, rename: RenameColumn): boolean {
  return earlier.table === rename.table && earlier.from === rename.to;
}
