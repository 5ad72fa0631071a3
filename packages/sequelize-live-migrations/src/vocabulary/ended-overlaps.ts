import { type Change, isRename, type OverlapColumn, type Rename } from './changes';

/** The renames among some changes, in order. */
export function renamesIn(changes: readonly Change[]): Rename[] {
  return withEndedOverlaps(changes).filter(isRename);
}

/** Some changes. A column whose two names overlap has the new one when the old one is removed: it was renamed. */
export function withEndedOverlaps(changes: readonly Change[]): Change[] {
  return changes.map((change, n) => {
    const isOver = change.kind === 'overlapColumn' && isEnded(change, changes.slice(n + 1));
    return isOver ? { ...change, kind: 'renameColumn' } : change;
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
