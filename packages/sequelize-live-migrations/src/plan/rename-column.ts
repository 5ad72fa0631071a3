import { columnNamed } from '../catalog';
import { quoteIdentifier } from '../postgres';
import type { RenameColumn } from '../vocabulary';
import type { Draft } from './draft';

/**
 * Renames a column at once, which changes only the catalog: indexes, constraints and views follow. Where it has the new
 * name already, or an undo has removed it before it was cut short, there is nothing to do.
 */
export async function planRenameColumn(draft: Draft, { table: name, from, to }: RenameColumn): Promise<void> {
  const table = await draft.tableToRenameIn(name);
  if (!table) return;
  const [old, renamed] = [columnNamed(table, from), columnNamed(table, to)];
  if (!old && (renamed || draft.run.direction === 'down')) return;
  if (!old || renamed) {
    draft.refuse({
      what: `column ${name}.${from}`,
      expected: `that it is there, and ${to} is not`,
      found: renamed ? 'both of them' : 'neither of them',
    });
    return;
  }
  draft.add({
    purpose: `rename column ${name}.${from} to ${to}`,
    sql: `ALTER TABLE ${quoteIdentifier(name)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
    locks: [{ table: name, mode: 'ACCESS EXCLUSIVE' }],
  });
  draft.notice(
    `column ${name}.${from} is ${to} now: the release of the application that names it ${from} fails on it`,
  );
}
