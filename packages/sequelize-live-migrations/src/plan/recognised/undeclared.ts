import { type Column, type Key, keptAsideNames, type Table } from '../../catalog';
import { type Change, columnsOf, foreignKeysOf, forwardOf, isRename, tableOf } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { ownComment } from './kept-aside-comment';

// What a table has and no migration declares was made by somebody else: whoever drops the table drops that as well.

/**
 * The columns, indexes, constraints and comments of a table that neither this migration nor one in the log declares.
 *
 * @param name the name of the table where it is not kept aside
 */
export function undeclaredOf(draft: Draft, name: string, table: Table): string[] {
  const declared = declaredOf(draft, name);
  return [
    ...table.columns.filter((column) => !declared.has(column)).map((column) => `column ${column.name}`),
    ...partsNotIn(declared, table).map((part) => `index or constraint ${part}`),
    ...(declared.hasComment(table) ? [] : ['a comment']),
    ...table.columns
      .filter((column) => !declared.hasComment(column))
      .map((column) => `a comment on column ${column.name}`),
  ];
}

/** The names of the indexes and constraints of a table that no migration declares. */
export function undeclaredParts(draft: Draft, name: string, table: Table): string[] {
  return partsNotIn(declaredOf(draft, name), table);
}

function partsNotIn(declared: Declared, table: Table): string[] {
  return [
    ...[...table.indexes, ...table.constraints].filter((part) => !declared.has(part)),
    ...table.foreignKeys.filter((key) => !declared.hasForeignKey(key)),
  ].map((part) => part.name);
}

/** Whether a column has a comment that no migration declares. */
export function hasUndeclaredComment(draft: Draft, table: Table, column: Column): boolean {
  return !declaredOf(draft, table.name).hasComment(column);
}

/** What migrations declare of a table, of which parts may be kept aside. */
interface Declared {
  readonly has: (part: { readonly name: string }) => boolean;
  readonly hasForeignKey: (key: Key) => boolean;
  readonly hasComment: (commented: { readonly comment: string | null }) => boolean;
}

function declaredOf(draft: Draft, table: string): Declared {
  const changes = changesOf(draft, table);
  const names = changes.flatMap(namesIn);
  const kept = names.flatMap((name) =>
    keptAsideNames(name, draft.run.name).map((aside) => [aside, name] as const),
  );
  const originals = new Map(kept);
  const original = (name: string) => originals.get(name) ?? name;
  // By their columns: whoever has created one may have given it another name.
  const keys = changes.flatMap(foreignKeysOf).map(({ fields }) => fields.join());
  const comments = changes.flatMap(commentsIn);
  return {
    has: ({ name }) => names.includes(original(name)),
    hasForeignKey: ({ columns }) => keys.includes(columns.map(original).join()),
    hasComment: ({ comment }) => {
      const own = ownComment(comment);
      return own === null || comments.includes(own);
    },
  };
}

/** The changes of this migration and of those in the log that are about a table, under whatever name it has had. */
function changesOf({ declaredChanges }: Draft, name: string): Change[] {
  const names = new Set([name]);
  const renames = declaredChanges.filter((change) => change.kind === 'renameTable');
  for (const { from, to } of [...renames.toReversed(), ...renames]) {
    if (names.has(from) || names.has(to)) [from, to].forEach((either) => names.add(either));
  }
  return declaredChanges.filter((change) => names.has(tableOf(change) ?? ''));
}

function commentsIn(change: Change): unknown[] {
  const forward = forwardOf(change);
  const ofTable = forward.kind === 'createTable' ? [forward.comment] : [];
  return [...ofTable, ...columnsOf(change).map(({ attributes }) => attributes.comment)];
}

/** The names of the columns, indexes and constraints that a change declares. */
function namesIn(change: Change): string[] {
  if (isRename(change)) return [change.from, change.to];
  const forward = forwardOf(change);
  const columns = columnsOf(change).map(({ column }) => column);
  if (forward.kind === 'createTable') {
    return [...columns, ...[...forward.indexes, ...forward.constraints].map(({ name }) => name)];
  }
  return 'name' in forward ? [forward.name] : columns;
}
