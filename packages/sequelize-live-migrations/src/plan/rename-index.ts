import { indexNamed, type Table } from '../catalog';
import { quoteIdentifier } from '../postgres';
import type { RenameIndex } from '../vocabulary';
import type { Draft } from './draft';

/**
 * Renames an index. That locks the index in SHARE UPDATE EXCLUSIVE mode (manual, ALTER INDEX), and its table in none that
 * blocks reads or writes. Where it has the new name already, or an undo has
 * dropped it before it was cut short, there is nothing to do.
 */
export async function planRenameIndex(draft: Draft, { table: name, from, to }: RenameIndex): Promise<void> {
  if ([from, to].some((index) => draft.isRemovedLater(name, { name: index }))) return;
  const table = await draft.tableToRenameIn(name);
  if (!table) return;
  const [old, renamed] = [indexNamed(table, from), indexNamed(table, to)];
  if (!old && (renamed || draft.run.direction === 'down')) return;
  if (!old || renamed) {
    draft.refuse({
      what: `index ${from} of table ${name}`,
      expected: `that it is there, and ${to} is not`,
      found: renamed ? 'both of them' : foundInstead(table, from),
    });
    return;
  }
  draft.add({
    purpose: `rename index ${from} to ${to}`,
    sql: `ALTER INDEX ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`,
    locks: [{ table: name, mode: 'SHARE UPDATE EXCLUSIVE' }],
  });
}

/** The index of a constraint has the name of that, which is none of an index that can be declared. */
function foundInstead({ primaryKey, constraints }: Table, name: string): string {
  const isConstraint = [primaryKey, ...constraints].some((constraint) => constraint?.name === name);
  return isConstraint ? `a constraint of the name ${name}` : 'neither of them';
}
