import type { Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import type { RenameIndex } from '../../vocabulary';
import { alterStep } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { isRenameNeeded } from './rename-needed';

/**
 * Renames an index. That locks the index in SHARE UPDATE EXCLUSIVE mode (manual, ALTER INDEX), and its table in none that
 * blocks reads or writes.
 */
export async function planRenameIndex(draft: Draft, change: RenameIndex): Promise<void> {
  const { table: name, from, to } = change;
  const what = `index ${from} of table ${name}`;
  const neither = foundInstead(await draft.find(name), from);
  if (!(await isRenameNeeded(draft, change, what, neither))) return;
  const sql = `ALTER INDEX ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`;
  draft.add(alterStep(name, `rename index ${from} to ${to}`, sql, 'SHARE UPDATE EXCLUSIVE'));
}

/** The index of a constraint has the name of that, which is none of an index that can be declared. */
function foundInstead(table: Table | undefined, name: string): string {
  const constraints = [table?.primaryKey, ...(table?.constraints ?? [])];
  const isConstraint = constraints.some((constraint) => constraint?.name === name);
  return isConstraint ? `a constraint of the name ${name}` : 'neither of them';
}
