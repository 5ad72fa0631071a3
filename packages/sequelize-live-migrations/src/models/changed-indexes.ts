import {
  columnNamed,
  type ForeignKey,
  type Index,
  indexNamed,
  isReferredTo,
  isUniqueOverAll,
  type Table,
} from '../catalog';
import { foreignKeyInWords, indexInWords } from '../plan';
import { identifiersIn, quoteIdentifier } from '../postgres';
import { type Both, columnsOnlyIn } from './column-attributes';
import { type Call, call, type Proposal } from './call';
import { differingKeys } from './differing-keys';
import { indexArguments } from './index-parts';
import { addedKey, addUnique, foreignKeyOptions, removeUnique, type Unique, uniquesOf } from './new-tables';

/** What changes in the indexes and the constraints of a table: before its columns change, and after that. */
interface Changed {
  readonly before: readonly Proposal[];
  readonly after: readonly Proposal[];
}

/** Unique constraints. A unique index on the same columns does the same. */
export function changedUniques({ found: { table }, desired }: Both): Changed {
  const wanted = uniquesOf(desired.table);
  const there = uniquesOf(table);
  const isIn = (all: readonly Unique[], { fields }: Unique) =>
    all.some((other) => other.fields.join() === fields.join());
  // An index that the models do not declare is extra, and goes when the constraint is there.
  const isMadeByIndex = (unique: Unique) => hasIndexOf(table, unique) && hasIndexOf(desired.table, unique);
  const added = wanted.filter((unique) => !isIn(there, unique) && !isMadeByIndex(unique));
  const gone = there.filter(
    (unique) =>
      !isIn(wanted, unique) &&
      !isReferredTo(table, unique.name) &&
      !hasIndexOf(desired.table, unique) &&
      unique.fields.every((column) => columnNamed(desired.table, column)),
  );
  return {
    before: gone.map((unique) => ({
      up: [removeUnique(table, unique)],
      notes: [`REMOVES the unique constraint ${unique.name} of ${table.name}, which no model declares.`],
    })),
    after: added.map((unique) => ({
      up: [addUnique(table, unique)],
      notes: [
        `${unique.name}: rows with equal values stop this before anything is done, with the query for them.`,
      ],
    })),
  };
}

function hasIndexOf({ indexes }: Table, unique: Unique): boolean {
  return indexes.some((index) => doesSame(index, unique));
}

/** Whether an index does what a unique constraint does. PostgreSQL prints a name in quotes where it needs them. */
function doesSame(index: Index, { fields }: Unique): boolean {
  const isSame = (key: string, field: string) => key === field || key === quoteIdentifier(field);
  return (
    isUniqueOverAll(index) &&
    index.keys.length === fields.length &&
    index.keys.every((key, n) => isSame(key, fields[n] ?? ''))
  );
}

/** Indexes. One that is there under another name is renamed. */
export function changedIndexes({ found: { table }, desired: { table: declared } }: Both): Changed {
  const isSame = (index: Index, other: Index) => keysInWords(index) === keysInWords(other);
  const isUnchanged = (index: Index, { indexes }: Table) =>
    indexes.some((other) => other.name === index.name && isSame(index, other));
  const wanted = declared.indexes.filter((index) => !isUnchanged(index, table));
  const extra = table.indexes.filter((index) => !isUnchanged(index, declared));
  const renamed = wanted.flatMap((to) => {
    const from = extra.find((index) => isSame(index, to) && !indexNamed(declared, index.name));
    return from ? [{ from, to }] : [];
  });
  const removed = columnsOnlyIn(table, declared);
  const gone = extra.filter(
    (index) =>
      !renamed.some(({ from }) => from === index) &&
      (indexNamed(declared, index.name) !== undefined || !removed.some(({ name }) => reads(index, name))),
  );
  const added = wanted.filter((index) => !renamed.some(({ to }) => to === index));
  const removal = (index: Index) =>
    goneIndex(table.name, index, indexNamed(declared, index.name) !== undefined);
  // Rows stay unique: a constraint that does the same is added before such an index goes.
  const uniques = uniquesOf(declared);
  const isReplaced = (index: Index) =>
    uniques.some((unique) => doesSame(index, unique)) && !uniques.some(({ name }) => name === index.name);
  return {
    before: [
      ...renamed.map(({ from, to }) => renamedIndex(table.name, from.name, to.name)),
      ...gone.filter((index) => !isReplaced(index)).map(removal),
    ],
    after: [...added.map((index) => addedIndex(table.name, index)), ...gone.filter(isReplaced).map(removal)],
  };
}

/** What an index is, without the columns of INCLUDE, which no model can declare. */
function keysInWords(index: Index): string {
  return indexInWords(index).replace(/ INCLUDE \([^)]*\)/, '');
}

/** Whether a column is in an index: then it is kept aside with that, and need not be removed by itself. */
function reads({ definition }: Index, column: string): boolean {
  return identifiersIn(definition).includes(column);
}

function renamedIndex(table: string, from: string, to: string): Proposal {
  return { up: [call('renameIndex', table, from, to)], notes: [] };
}

function goneIndex(table: string, index: Index, isReplaced: boolean): Proposal {
  const calls = indexCalls(table, index);
  const why = isReplaced ? 'The models declare another one of this name.' : 'No model declares it.';
  const what = `REMOVES the index ${index.name} of ${table}, ${indexInWords(index)}. ${why}`;
  if (!calls)
    return {
      up: [],
      notes: [`NOT REMOVED: ${what.slice('REMOVES '.length)} It has what cannot be declared.`],
    };
  return { up: [calls.remove], notes: [what] };
}

function addedIndex(table: string, index: Index): Proposal {
  const calls = indexCalls(table, index);
  if (!calls)
    return { up: [], notes: [`NOT ADDED: the index ${index.name} of ${table}, ${indexInWords(index)}.`] };
  const duplicates = `${index.name}: rows with equal values stop this before anything is done, with the query for them.`;
  return { up: [calls.add], notes: index.unique ? [duplicates] : [] };
}

function indexCalls(table: string, index: Index): { add: Call; remove: Call } | undefined {
  const found = indexArguments(table, index);
  if (!found) return undefined;
  const { fields, options } = found;
  const rest: [typeof options] | [] = Object.keys(options).length > 0 ? [options] : [];
  return {
    add: call('addIndex', table, fields, ...rest),
    remove: call('removeIndex', table, fields, ...rest),
  };
}

/** Foreign keys. One between the same columns that acts otherwise is replaced; a key of several columns is no model's. */
export function changedKeys({ found: { table }, desired: { table: declared } }: Both): Changed {
  const there = table.foreignKeys.filter(({ columns }) => columns.length === 1);
  const { added, gone } = differingKeys(there, declared, declared.foreignKeys);
  const isOfNew = ({ columns: [column = ''] }: ForeignKey) => !columnNamed(table, column);
  return {
    before: gone.map((key) => ({
      up: [call('removeConstraint', table.name, foreignKeyOptions(key))],
      notes: [`REMOVES the ${foreignKeyInWords(key)} of ${table.name}, which no model declares.`],
    })),
    after: added
      .filter(({ key }) => !isOfNew(key))
      .map(({ key, replaces }) => {
        const proposal = addedKey(table, key);
        if (replaces) return replacing(table.name, replaces, proposal);
        const orphans = `orphaned rows of ${table.name} stop this before anything is done, with the query for them.`;
        return { ...proposal, notes: [`${foreignKeyInWords(key)}: ${orphans}`] };
      }),
  };
}

/** Only one that is deferrable is not removed first: what comes in its place is as deferrable as that one. */
function replacing(table: string, key: ForeignKey, proposal: Proposal): Proposal {
  if (key.deferrable !== 'NOT DEFERRABLE') return proposal;
  return { ...proposal, replaces: call('removeConstraint', table, foreignKeyOptions(key)) };
}
