import { type Catalog, columnNamed, enumTypeOf, indexNamed } from '../../catalog';
import type { Rename } from '../../vocabulary';
import type { Draft } from '../draft/draft';

/**
 * Whether something has to be renamed. Where it has the new name already, or an undo has removed it before it was cut
 * short, there is nothing to do. Refused where both names are there, or neither.
 *
 * @param what `column pets.name`
 * @param neither what is found where neither name is there
 * @throws RefusedError where its table is not there
 */
export async function isRenameNeeded(
  draft: Draft,
  change: Rename,
  what: string,
  neither = 'neither of them',
): Promise<boolean> {
  if (change.kind !== 'renameTable' && !(await draft.tableToRenameIn(change.table))) return false;
  const catalog = await draft.catalog();
  const [hasOldName, hasNewName] = [change.from, change.to].map((name) => isNamed(catalog, change, name));
  if (hasOldName && !hasNewName) return true;
  if (!hasOldName && (hasNewName || draft.run.direction === 'down')) return false;
  draft.refuse({
    what,
    expected: `that it is there, and ${change.to} is not`,
    found: hasNewName ? 'both of them' : neither,
  });
  return false;
}

/** Whether what a change renames has its new name, and nothing has the old one. */
export function isRenamed(catalog: Catalog, change: Rename): boolean {
  return !isNamed(catalog, change, change.from) && isNamed(catalog, change, change.to);
}

/** Whether something of the kind that a change renames has a name. */
export function isNamed(catalog: Catalog, change: Rename, name: string): boolean {
  if (change.kind === 'renameTable') return catalog.tables.has(name);
  const table = catalog.tables.get(change.table);
  if (!table) return false;
  if (change.kind === 'renameColumn') return columnNamed(table, name) !== undefined;
  if (change.kind === 'renameIndex') return indexNamed(table, name) !== undefined;
  const column = columnNamed(table, change.column);
  const labels = (column && enumTypeOf(catalog, column)?.labels) ?? [];
  return labels.includes(name);
}
