import { Utils } from 'sequelize';
import { type Catalog, constraintNamed } from '../../catalog';
import { quoteLiteral } from '../../postgres';
import {
  type Change,
  columnsOf,
  isRename,
  isTakenBy,
  type Rename,
  tableOf,
  underCurrentNames,
} from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { RefusedError } from '../draft/refused-error';
import { isNamed, isRenamed } from './rename-needed';

// A migration that is not in the log may have been cut short, after some of its steps. The one that cannot be seen from
// what it has left is a new name: what the changes before it say of a table, a column, a label or an index holds under that.

/**
 * The changes of a migration with the names that tables, columns, labels and indexes have by now, where an interrupted run of it
 * has renamed them: the new name is there, and the old one is not.
 */
export async function underNamesFound(draft: Draft, changes: readonly Change[]): Promise<Change[]> {
  const catalog = await draft.catalog();
  const found: Change[] = [];
  const renames: Change[] = [];
  const done: Rename[] = []; // the same, under the names that are there by now
  for (const [n, change] of [...changes.entries()].reverse()) {
    const current = doneBefore(catalog, underCurrentNames(change, renames), done);
    const before = changes.slice(0, n);
    const isPast = [isRemovedSince, isReplacedSince].some(
      (test) => isRename(current) && test(catalog, current, before, found),
    );
    if (isPast) {
      renames.unshift(change);
      continue;
    }
    if (renames.length === 0 || !isCheckThere(catalog, change)) found.unshift(current);
    if (!isRename(current) || !isRenamed(catalog, current)) continue;
    renames.unshift(change);
    done.push(current);
  }
  return found;
}

/**
 * Whether what a change renames has both names, because one of the later changes has made something else of the old one; and
 * not because one of the earlier ones is still to free the new one.
 */
function isReplacedSince(
  catalog: Catalog,
  rename: Rename,
  earlier: readonly Change[],
  later: readonly Change[],
): boolean {
  const areBothThere = [rename.from, rename.to].every((name) => isNamed(catalog, rename, name));
  const isMade = isTakenBy(
    later.filter((change) => !isRename(change)),
    { ...rename, name: rename.from },
  );
  const frees = (change: Change) =>
    isRename(change) ? change.kind === rename.kind && change.from === rename.to : isRemovalOf(change, rename);
  return areBothThere && isMade && !earlier.some(frees);
}

/**
 * Whether what a change renames has neither name any more, because one of the later changes has removed it; and not because
 * one of the earlier ones is still to make it.
 */
function isRemovedSince(
  catalog: Catalog,
  rename: Rename,
  earlier: readonly Change[],
  later: readonly Change[],
): boolean {
  const first = earlier.reduceRight(
    (name, change) =>
      isRename(change) && change.kind === rename.kind && change.to === name ? change.from : name,
    rename.from,
  );
  const isThere = [first, rename.from, rename.to].some((name) => isNamed(catalog, rename, name));
  const isMade = earlier.some((change) => !('undoes' in change) && namesMadeBy(change).includes(first));
  return !isThere && !isMade && later.some((change) => isRemovalOf(change, rename));
}

/** The names of the table, the columns and the indexes that a change makes. */
function namesMadeBy(change: Change): string[] {
  const columns = columnsOf(change).map(({ column }) => column);
  if (change.kind === 'createTable')
    return [change.table, ...columns, ...change.indexes.map(({ name }) => name)];
  return change.kind === 'addIndex' ? [change.name] : columns;
}

function isRemovalOf(change: Change, { kind, table, to }: Rename): boolean {
  if (change.kind === 'dropTable') return kind === 'renameTable' && change.undoes.table === to;
  if (tableOf(change) !== table) return false;
  if (change.kind === 'removeColumn') return kind === 'renameColumn' && change.undoes.column === to;
  return change.kind === 'removeIndex' && kind === 'renameIndex' && change.undoes.name === to;
}

/** A rename to a name that was itself renamed since: it has been done as well, where the last of these names is there. */
function doneBefore(catalog: Catalog, change: Change, later: readonly Rename[]): Change {
  if (!isRename(change)) return change;
  const next = later.find(({ kind, table, from }) => {
    const isOfTable = kind === 'renameTable' || table === change.table;
    return kind === change.kind && isOfTable && from === change.to;
  });
  const chained = next ? { ...change, to: next.to } : change;
  return isRenamed(catalog, chained) ? chained : change;
}

/**
 * Whether a change adds a check whose condition is SQL, in which no name can be changed. The check is there, because it came
 * before what has been renamed since.
 */
function isCheckThere({ tables }: Catalog, change: Change): boolean {
  if (change.kind !== 'addConstraint' || change.type !== 'check') return false;
  const table = tables.get(change.table);
  const isSql = change.where instanceof Utils.SequelizeMethod;
  return isSql && table !== undefined && constraintNamed(table, change.name) !== undefined;
}

/**
 * Refuses names that are exchanged in a migration of several transactions: after a crash between them nobody could tell
 * whether they have been.
 *
 * @throws RefusedError with what to write instead
 */
export function assertRepeatable({ run, steps }: Draft, changes: readonly Change[]): void {
  const renames = changes.filter(isRename);
  const exchanged = renames.find((rename, n) =>
    renames.slice(0, n).some((earlier) => isTakenFrom(earlier, rename)),
  );
  if (!exchanged || steps.every(({ transaction, next }) => transaction === undefined && !next)) return;
  const lines = renames.filter(({ kind }) => kind === exchanged.kind).map(renameInWords);
  throw new RefusedError(
    `${run.name} gives ${NAMED[exchanged.kind]}${exchanged.kind === 'renameTable' ? '' : ` of ${exchanged.table}`} the names of each other, and does more than fits ` +
      'into one transaction. After a crash in between, nobody could tell whether they have them. Nothing of this ' +
      `migration was done. Write these lines into a migration of their own:\n${lines.join('')}`,
  );
}

const NAMED: Readonly<Record<Rename['kind'], string>> = {
  renameTable: 'tables',
  renameColumn: 'columns',
  renameEnumValue: 'labels',
  renameIndex: 'indexes',
};

function isTakenFrom(earlier: Rename, rename: Rename): boolean {
  const areTogether = rename.kind === 'renameTable' || earlier.table === rename.table;
  return earlier.kind === rename.kind && areTogether && earlier.from === rename.to;
}

function renameInWords(rename: Rename): string {
  const { kind, table, from, to } = rename;
  const of = kind === 'renameTable' ? [] : [table, ...(kind === 'renameEnumValue' ? [rename.column] : [])];
  const args = [...of, from, to].map(quoteLiteral);
  return `  schema.${kind}(${args.join(', ')});\n`;
}
