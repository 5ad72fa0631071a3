import { quoteIdentifier } from '../../postgres';
import type { RenameColumn } from '../../vocabulary';
import { alterTable } from '../draft/alter';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { isRenameNeeded } from './rename-needed';

/** Renames a column at once, which changes only the catalog: indexes, constraints and views follow. */
export async function planRenameColumn(draft: Draft, change: RenameColumn): Promise<void> {
  const { table, from, to } = change;
  if (!(await isRenameNeeded(draft, change, `column ${table}.${from}`))) return;
  draft.add(renameColumn(table, from, to));
  draft.notice(
    `column ${table}.${from} is ${to} now: the release of the application that names it ${from} fails on it`,
  );
}

/** The step that renames a column. */
export function renameColumn(table: string, from: string, to: string): Step {
  const action = `RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`;
  return alterTable(table, `rename column ${table}.${from} to ${to}`, action);
}
