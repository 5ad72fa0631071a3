import { quoteIdentifier } from '../postgres';
import type { RenameTable } from '../vocabulary';
import type { Draft } from './draft';

/**
 * Renames a table at once, which changes only the catalog: foreign keys and views follow; indexes, constraints, sequences and
 * enum types keep their names. Where it has the new name already, or an undo has removed it before it was cut short, there
 * is nothing to do.
 */
export async function planRenameTable(draft: Draft, { from, to }: RenameTable): Promise<void> {
  if ([from, to].some((name) => draft.isRemovedLater(name))) return;
  const [old, renamed] = [await draft.find(from), await draft.find(to)];
  if (!old && (renamed || draft.run.direction === 'down')) return;
  if (!old || renamed) {
    draft.refuse({
      what: `table ${from}`,
      expected: `that it is there, and ${to} is not`,
      found: renamed ? 'both of them' : 'neither of them',
    });
    return;
  }
  draft.add({
    purpose: `rename table ${from} to ${to}`,
    sql: `ALTER TABLE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`,
    locks: [{ table: from, mode: 'ACCESS EXCLUSIVE' }],
    names: { table: to, was: from },
  });
  draft.notice(
    `table ${from} is ${to} now: the release of the application that names it ${from} fails on it`,
  );
}
