import { Utils } from 'sequelize';
import { identifiersIn } from '../postgres';
import {
  type AddConstraint,
  type AddIndex,
  type Change,
  type CreateTable,
  forwardOf,
  type ForwardChange,
  isRename,
  type Rename,
} from './changes';
import { tableOfParts } from './changed-tables';
import { underName } from './current-names';
import { withEndedOverlaps } from './ended-overlaps';
import { inverseOf } from './inverse';
import { isRemoval, isTakenAfter, type Named, type Removal } from './taken-again';

// What later migrations in the log have left of a change. A name alone says nothing: a column that was removed and added
// again is another one, and what was declared of the first one does not hold for it.

/**
 * A change as later ones have left it: under the names that are there by then, and without what they have removed.
 *
 * @param direction `down` for a change that undoes one
 * @returns undefined where nothing of it is left to do: what it is about was removed since; or, for what removes or renames
 *   something, something else has that name by now
 */
export function leftBy(
  change: Change,
  later: readonly Change[],
  direction: 'up' | 'down',
): Change | undefined {
  if (later.length === 0) return change;
  if (direction === 'up' && change.kind === 'overlapColumn') {
    const [current = change, ...others] = withEndedOverlaps([change, ...later]);
    return forwardLeftBy(current, others, direction);
  }
  const forward = direction === 'up' ? change : inverseOf(change);
  const left = forwardLeftBy(forward, withEndedOverlaps(later), direction);
  return left && direction === 'down' ? inverseOf(left) : left;
}

/** What later changes have left of each change of a migration, under the names that its table has at that change. */
export function eachLeftBy(
  changes: readonly Change[],
  later: readonly Change[],
  direction: 'up' | 'down',
): { readonly change: Change; readonly left: Change | undefined }[] {
  return changes.map((change, n) => {
    const since = direction === 'up' ? changes.slice(n + 1) : changes.slice(0, n).map(inverseOf).reverse();
    const named = since.filter(isRename).reduceRight(beforeRename, later);
    return { change, left: leftBy(change, named, direction) };
  });
}

/** Changes under the names that there were before something was renamed. */
function beforeRename(changes: readonly Change[], rename: Rename): readonly Change[] {
  const before = (change: ForwardChange) =>
    rename.kind === 'renameTable' ? beforeTable(change, rename) : beforePart(change, rename);
  return changes.map((change) => ('undoes' in change ? inverseOf(before(change.undoes)) : before(change)));
}

function beforeTable(change: ForwardChange, { from, to }: Rename): ForwardChange {
  if (change.kind === 'sql' || change.table !== to) return change;
  return change.kind === 'renameTable' ? { ...change, table: from, from } : { ...change, table: from };
}

function beforePart(change: ForwardChange, rename: Rename): ForwardChange {
  const { from, to } = rename;
  if (!isRename(change)) return underName(change, { ...rename, from: to, to: from });
  return isOfSameKind(rename, change) && change.from === to ? { ...change, from } : change;
}

/** Changes, each as those after it leave it. What renames or removes something stays. */
export function leftByLast(changes: readonly Change[]): Change[] {
  return changes.flatMap((change, n) => {
    const later = withEndedOverlaps(changes.slice(n + 1));
    if (isRename(change)) return [later.filter(isRename).reduce(renameAfter, change)];
    if (isRemoval(change)) return [later.reduce(removalAfter, change)];
    return forwardLeftBy(change, later, 'up') ?? [];
  });
}

function forwardLeftBy(
  change: Change,
  later: readonly Change[],
  direction: 'up' | 'down',
): Change | undefined {
  if (isRename(change)) return renameLeftBy(change, later, direction);
  if (isRemoval(change)) return removalLeftBy(change, later);
  const left = declarationLeftBy(forwardOf(change), later);
  return left && 'undoes' in change ? inverseOf(left) : left;
}

function declarationLeftBy(change: ForwardChange, later: readonly Change[]): ForwardChange | undefined {
  let left: ForwardChange | undefined = change;
  for (const next of later) {
    if (isRename(next)) left = underName(left, next);
    else if (isRemoval(next)) left = without(left, next);
    if (!left) return undefined;
  }
  return left;
}

/** What is left of a declaration after something was removed. */
function without(change: ForwardChange, removal: Removal): ForwardChange | undefined {
  if (change.kind === 'sql' || isRename(change) || change.table !== removal.undoes.table) return change;
  if (removal.kind === 'dropTable') return undefined;
  if (change.kind === 'createTable') return tableWithout(change, removal);
  if (removal.kind === 'removeColumn') return isOnColumn(change, removal.undoes.column) ? undefined : change;
  return 'name' in change && change.name === removal.undoes.name ? undefined : change;
}

function tableWithout(change: CreateTable, removal: Removal): CreateTable {
  return tableOfParts(change, (part) => without(part, removal) !== undefined);
}

/** Whether a change goes with a column. Of rows, other columns may be left. */
function isOnColumn(change: ForwardChange, column: string): boolean {
  switch (change.kind) {
    case 'addColumn':
    case 'changeColumn':
    case 'convertColumn':
      return change.column === column;
    case 'overlapColumn':
      return change.to === column;
    case 'addIndex':
    case 'addConstraint':
      return mentions(partsOf(change), column);
    default:
      return false;
  }
}

function partsOf(change: AddIndex | AddConstraint): unknown {
  if (change.kind === 'addIndex') return [change.fields, change.options.where, change.options.include];
  return change.type === 'check' ? change.where : change.fields;
}

/** Whether a column is named somewhere in the fields of an index, or in a condition. */
function mentions(value: unknown, column: string): boolean {
  if (typeof value === 'string') return value === column;
  if (value instanceof Utils.Literal) return identifiersIn(String(value.val)).includes(column);
  if (Array.isArray(value)) return value.some((one) => mentions(one, column));
  if (typeof value !== 'object' || value === null) return false;
  return Reflect.ownKeys(value).some((key) => key === column || mentions(Reflect.get(value, key), column));
}

function removalLeftBy(removal: Removal, later: readonly Change[]): Removal | undefined {
  let left = removal;
  let isTaken = false;
  for (const next of later) {
    if (left.kind !== 'dropTable' && isDropOf(next, left.undoes.table)) return undefined;
    isTaken = isTakenAfter(next, namedBy(left), isTaken);
    left = removalAfter(left, next);
  }
  return isTaken ? undefined : left;
}

function isDropOf(change: Change, table: string): boolean {
  return change.kind === 'dropTable' && change.undoes.table === table;
}

function namedBy({ kind, undoes }: Removal): Named {
  const { table } = undoes;
  switch (kind) {
    case 'dropTable':
      return { kind: 'renameTable', table, name: table };
    case 'removeColumn':
      return { kind: 'renameColumn', table, name: undoes.column };
    case 'removeIndex':
      return { kind: 'renameIndex', table, name: undoes.name };
    case 'removeConstraint':
      return { kind, table, name: undoes.name };
  }
}

/** A removal under the names that are there after a later change. That renames nothing of what was removed. */
function removalAfter(removal: Removal, next: Change): Removal {
  if (!isRename(next) || isOfNamesake(removal, next)) return removal;
  const renamed = inverseOf(underName(removal.undoes, next));
  return isRemoval(renamed) ? renamed : removal;
}

function isOfNamesake(removal: Removal, rename: Rename): boolean {
  const { kind, table, name } = namedBy(removal);
  if (rename.table !== table) return false;
  if (kind === 'renameTable') return true;
  if (rename.kind === 'renameEnumValue') return kind === 'renameColumn' && rename.column === name;
  return rename.kind === kind && rename.from === name;
}

/**
 * A rename as later changes have left it. To undo one whose thing has got a third name since would be to undo the later one,
 * too, so it is left.
 */
function renameLeftBy(
  rename: Rename,
  later: readonly Change[],
  direction: 'up' | 'down',
): Rename | undefined {
  let left = rename;
  let isTaken = false;
  for (const next of later) {
    if (isRemoval(next) && isRemovalOf(next, left)) return undefined;
    isTaken = isTakenAfter(next, { ...left, name: left.from }, isTaken);
    if (isRename(next)) left = renameAfter(left, next);
  }
  if (direction === 'down') return left.to === rename.to ? left : undefined;
  return isTaken ? undefined : left;
}

/** Whether what was renamed is removed: the thing itself, or what it is in. */
function isRemovalOf(removal: Removal, rename: Rename): boolean {
  if (removal.kind === 'dropTable')
    return removal.undoes.table === (rename.kind === 'renameTable' ? rename.to : rename.table);
  if (removal.undoes.table !== rename.table) return false;
  if (removal.kind === 'removeIndex')
    return rename.kind === 'renameIndex' && removal.undoes.name === rename.to;
  if (removal.kind !== 'removeColumn') return false;
  const { column } = removal.undoes;
  return rename.kind === 'renameEnumValue'
    ? rename.column === column
    : rename.kind === 'renameColumn' && rename.to === column;
}

function renameAfter(rename: Rename, next: Rename): Rename {
  if (rename.kind !== 'renameTable' && next.kind === 'renameTable')
    return next.from === rename.table ? { ...rename, table: next.to } : rename;
  if (rename.kind === 'renameEnumValue' && next.kind === 'renameColumn')
    return isOfSameTable(rename, next) && next.from === rename.column
      ? { ...rename, column: next.to }
      : rename;
  const isNext = isOfSameKind(rename, next) && next.from === rename.to;
  return isNext ? { ...rename, to: next.to } : rename;
}

function isOfSameKind(rename: Rename, next: Rename): boolean {
  if (rename.kind === 'renameTable') return next.kind === 'renameTable';
  const isColumn =
    rename.kind !== 'renameEnumValue' || (next.kind === rename.kind && next.column === rename.column);
  return rename.kind === next.kind && isOfSameTable(rename, next) && isColumn;
}

function isOfSameTable(rename: Rename, next: Rename): boolean {
  return rename.table === next.table;
}
