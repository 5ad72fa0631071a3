import { type Change, columnsOf, forwardOf, isForeignKey } from './changes';

/** The table that a change is about; undefined where that is not known, of SQL. */
export function tableOf(change: Change): string | undefined {
  const forward = forwardOf(change);
  return 'table' in forward ? forward.table : undefined;
}

/** The tables that a change is about, by the names that they have before it and after it; none of SQL. */
export function tablesOf(change: Change): string[] {
  const forward = forwardOf(change);
  if (forward.kind === 'renameTable') return [forward.from, forward.to];
  return 'table' in forward ? [forward.table] : [];
}

/** The tables that the foreign keys of a change refer to. */
export function parentsOf(change: Change): string[] {
  const forward = forwardOf(change);
  const ofColumns = columnsOf(change).flatMap(({ attributes }) => attributes.references?.model ?? []);
  return [...ofColumns, ...(isForeignKey(forward) ? [forward.references.table] : [])];
}

/** The tables that some changes create. */
export function tablesCreatedBy(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => (change.kind === 'createTable' ? [change.table] : []));
}
