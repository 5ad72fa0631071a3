import { type Change, isRename, type OverlapColumn, type Rename } from './changes';

/** The renames among some changes, in order. A column whose two names overlap has the new one when the old one is removed. */
export function renamesIn(changes: readonly Change[]): Rename[] {
  return changes.flatMap((change, n) => {
    if (isRename(change)) return [change];
    const isOver = change.kind === 'overlapColumn' && isEnded(change, changes.slice(n + 1));
    return isOver ? [{ ...change, kind: 'renameColumn' as const }] : [];
  });
}

function isEnded({ table, from }: OverlapColumn, later: readonly Change[]): boolean {
  let name = table;
  for (const change of later) {
    if (change.kind === 'renameTable' && change.from === name) name = change.to;
    const isRemoval = change.kind === 'removeColumn' && change.undoes.table === name;
    if (isRemoval && change.undoes.column === from) return true;
  }
  return false;
}
