import { type Change, type ForwardChange, isRename, type Rename } from './changes';
import { enumLabelsOf } from './enums';

/** What a change has removed or renamed, and with that its name. */
export interface Named {
  readonly kind: 'renameTable' | 'renameColumn' | 'renameIndex' | 'renameEnumValue' | 'removeConstraint';
  readonly table: string;
  /** Of a label. */
  readonly column?: string;
  readonly name: string;
}

/** Whether something else has a name after some changes. */
export function isTakenBy(changes: readonly Change[], named: Named): boolean {
  return changes.reduce((wasTaken, change) => isTakenAfter(change, named, wasTaken), false);
}

/** The same after one change. */
export function isTakenAfter(next: Change, named: Named, wasTaken: boolean): boolean {
  if (isRename(next)) {
    if (next.kind !== named.kind || !isOfSameContainer(next, named)) return wasTaken;
    return next.to === named.name || (wasTaken && next.from !== named.name);
  }
  if (!('undoes' in next)) return wasTaken || isMadeBy(next, named);
  return wasTaken && !(isRemoval(next) && isMadeBy(next.undoes, named));
}

export type Removal = Extract<
  Change,
  { readonly kind: 'dropTable' | 'removeColumn' | 'removeIndex' | 'removeConstraint' }
>;

export function isRemoval(change: Change): change is Removal {
  return ['dropTable', 'removeColumn', 'removeIndex', 'removeConstraint'].includes(change.kind);
}

function isOfSameContainer(rename: Rename, { table, column }: Named): boolean {
  if (rename.kind === 'renameTable') return true;
  return rename.table === table && (rename.kind !== 'renameEnumValue' || rename.column === column);
}

/** Whether a change makes what has a name. */
function isMadeBy(change: ForwardChange, { kind, table, column, name }: Named): boolean {
  if (kind === 'renameTable') return change.kind === 'createTable' && change.table === name;
  if (change.kind === 'sql' || change.table !== table) return false;
  switch (change.kind) {
    case 'addColumn':
      return kind === 'renameColumn' && change.column === name;
    case 'overlapColumn':
      return kind === 'renameColumn' && change.to === name;
    case 'addIndex':
      return kind === 'renameIndex' && change.name === name;
    case 'addConstraint':
      return kind === 'removeConstraint' && change.name === name;
    case 'changeColumn':
      return (
        kind === 'renameEnumValue' &&
        change.column === column &&
        enumLabelsOf(change.attributes)?.includes(name) === true
      );
    default:
      return false;
  }
}
