import type { Change } from './changes';

/** The changes that revert the given ones: the inverse of each, the last one first. */
export function inverse(changes: readonly Change[]): Change[] {
  return changes.map(inverseOf).reverse();
}

export function inverseOf(change: Change): Change {
  switch (change.kind) {
    case 'createTable':
      return { kind: 'dropTable', undoes: change };
    case 'addColumn':
      return { kind: 'removeColumn', undoes: change };
    case 'changeColumn':
      return { kind: 'restoreColumn', undoes: change };
    case 'overlapColumn':
      return { kind: 'endOverlap', undoes: change };
    case 'convertColumn':
      return { kind: 'endConversion', undoes: change };
    case 'renameTable':
      return { ...change, table: change.to, from: change.to, to: change.from };
    case 'renameColumn':
    case 'renameEnumValue':
    case 'renameIndex':
      return { ...change, from: change.to, to: change.from };
    case 'addIndex':
      return { kind: 'removeIndex', undoes: change };
    case 'addConstraint':
      return { kind: 'removeConstraint', undoes: change };
    case 'sql':
      return { kind: 'revertSql', undoes: change };
    case 'bulkUpdate':
    case 'bulkDelete':
      return { kind: 'keepRows', undoes: change };
    case 'bulkInsert':
      return { kind: 'removeRows', undoes: change };
    default:
      return change.undoes;
  }
}
