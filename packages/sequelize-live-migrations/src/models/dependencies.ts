import {
  type AddConstraint,
  type AddIndex,
  type Change,
  type ColumnDeclaration,
  columnsOf,
  type CreateTable,
  type ForwardChange,
  forwardOf,
  isForeignKey,
} from '../vocabulary';

/** What some changes need of others, as texts to compare. */
export interface Dependencies {
  /** What is there when they have run: tables' columns, what is unique, and names that nothing has any more. */
  readonly makes: readonly string[];
  /** What has to be there when they run, if any other change makes it. */
  readonly needs: readonly string[];
  /** What they remove: what uses it has to be removed before. */
  readonly ends: readonly string[];
  /** What is in use until they have run, because they remove what uses it. */
  readonly uses: readonly string[];
  /** The foreign keys that are declared with columns, each with what it needs. They can be added, or removed, by themselves as well. */
  readonly keys: readonly {
    readonly table: string;
    readonly column: string;
    readonly needs: readonly string[];
  }[];
}

/** Those of the changes of one proposal. */
export function dependenciesOf(changes: readonly Change[]): Dependencies {
  const added = changes.filter((change) => !('undoes' in change)).map(forwardOf);
  const removed = changes.filter((change) => 'undoes' in change).map(forwardOf);
  const newKeys = added.filter(({ kind }) => kind !== 'changeColumn').flatMap(keysIn);
  const goneKeys = removed.flatMap(keysIn);
  return {
    makes: [...added.flatMap(madeBy), ...removed.flatMap(namesOf)],
    needs: [...added.flatMap(neededBy), ...added.flatMap(namesOf), ...newKeys.flatMap(({ needs }) => needs)],
    ends: removed.flatMap(madeBy),
    uses: [...removed.flatMap(neededBy), ...goneKeys.flatMap(({ needs }) => needs)],
    keys: [...newKeys, ...goneKeys],
  };
}

const text = (...parts: readonly unknown[]) => JSON.stringify(parts);
const columnIn = (table: string) => (column: string) => text('column', table, column);
const uniqueIn = (table: string, columns: readonly string[]) => text('unique', table, [...columns].sort());
const anyColumnIn = (table: string) => text('columns', table);

function madeBy(change: ForwardChange): string[] {
  switch (change.kind) {
    case 'createTable':
      return madeWith(change);
    case 'addColumn':
    case 'changeColumn':
      return [anyColumnIn(change.table), columnIn(change.table)(change.column)];
    case 'addIndex':
      return uniqueByIndex(change);
    case 'addConstraint':
      return change.type === 'unique' ? [uniqueIn(change.table, change.fields)] : [];
    default:
      return [];
  }
}

function madeWith({ table, attributes, indexes, constraints }: CreateTable): string[] {
  const columns = Object.keys(attributes);
  const isKey = (column: string) => attributes[column]?.primaryKey === true;
  const unique = columns.filter((column) => attributes[column]?.unique === true);
  return [
    anyColumnIn(table),
    ...columns.map(columnIn(table)),
    ...unique.map((column) => uniqueIn(table, [column])),
    uniqueIn(table, columns.filter(isKey)),
    ...[...indexes, ...constraints].flatMap(madeBy),
  ];
}

function uniqueByIndex({ table, fields, options }: AddIndex): string[] {
  const columns = plainColumnsOf(fields);
  return options.unique && !options.where && columns ? [uniqueIn(table, columns)] : [];
}

/** What an index or a constraint needs. An expression can read any column of the table. */
function neededBy(change: ForwardChange): string[] {
  if (change.kind === 'addConstraint') return neededByConstraint(change);
  if (change.kind !== 'addIndex') return [];
  const { table, fields, options } = change;
  const columns = options.where ? undefined : plainColumnsOf(fields);
  return columns ? [...columns, ...(options.include ?? [])].map(columnIn(table)) : [anyColumnIn(table)];
}

function neededByConstraint(change: AddConstraint): string[] {
  if (change.type === 'check') return [anyColumnIn(change.table)];
  const own = change.fields.map(columnIn(change.table));
  return isForeignKey(change)
    ? [...own, ...neededOf(change.references.table, change.references.fields)]
    : own;
}

/** What a foreign key needs of the table to which it refers. */
function neededOf(table: string, columns: readonly string[]): string[] {
  return [...columns.map(columnIn(table)), uniqueIn(table, columns)];
}

function plainColumnsOf(fields: AddIndex['fields']): string[] | undefined {
  const columns = fields.map((field) =>
    typeof field === 'string' ? field : 'name' in field ? field.name : undefined,
  );
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

function keysIn(change: ForwardChange) {
  return columnsOf(change).flatMap(({ table, column, attributes: { references } }: ColumnDeclaration) =>
    references ? [{ table, column, needs: neededOf(references.model, [references.key]) }] : [],
  );
}

/** The name of an index or a constraint, of which a table can have one at a time. */
function namesOf(change: ForwardChange): string[] {
  return change.kind === 'addIndex' || change.kind === 'addConstraint'
    ? [text('name', change.table, change.name)]
    : [];
}
