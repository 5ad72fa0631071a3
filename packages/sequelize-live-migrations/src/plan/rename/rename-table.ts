import { quoteIdentifier } from '../../postgres';
import type { RenameTable } from '../../vocabulary';
import { alterTable } from '../draft/alter';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { isRenameNeeded } from './rename-needed';

/**
 * Renames a table at once, which changes only the catalog: foreign keys and views follow; indexes, constraints, sequences and
 * enum types keep their names.
 */
export async function planRenameTable(draft: Draft, change: RenameTable): Promise<void> {
  const { from, to } = change;
  if (!(await isRenameNeeded(draft, change, `table ${from}`))) return;
  draft.add(renameTable(from, to));
  draft.notice(
    `table ${from} is ${to} now: the release of the application that names it ${from} fails on it`,
  );
}

/** The step that renames a table. */
export function renameTable(from: string, to: string): Step {
  const step = alterTable(from, `rename table ${from} to ${to}`, `RENAME TO ${quoteIdentifier(to)}`);
  return { ...step, names: { table: to, was: from } };
}
