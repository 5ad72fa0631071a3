import type { Constraint, ForeignKey, Index, Key, Table } from '../../catalog';
import { quoteIdentifier, quoteIdentifiers } from '../../postgres';
import { onShadow } from '../declared/as-declared';
import { alterStep } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { ownedByColumn, UNUSED } from '../kept-aside/removable-column';
import { ownedBy } from '../rename/rename-along';
import { renameColumn } from '../rename/rename-column';

/** The indexes and constraints of a column. */
export interface Belongings {
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
  readonly foreignKeys: readonly ForeignKey[];
  /** The primary key, if the column is in it. Only of a column that is converted. */
  readonly primaryKey: Key | null;
}

export async function belongingsOf(draft: Draft, table: Table, column: string): Promise<Belongings> {
  const names = await namesOfBelongings(draft, table, column);
  return belongingsNamed(table, names, column);
}

/** What belongs to a column, as it would be if it belonged to another one of the table. */
export async function belongingsMovedTo(
  draft: Draft,
  table: Table,
  column: string,
  other: string,
): Promise<Belongings> {
  const names = await namesOfBelongings(draft, table, column);
  const renames = [renameColumn(table.name, other, UNUSED), renameColumn(table.name, column, other)];
  const { tables } = await draft.declare({ statements: renames.map(({ sql }) => sql) });
  return belongingsNamed(onShadow(`Table ${table.name}`, tables.get(table.name)), names, other);
}

async function namesOfBelongings(draft: Draft, table: Table, column: string): Promise<readonly string[]> {
  return (await ownedByColumn(draft, table, column)).map(({ name }) => name);
}

function belongingsNamed(table: Table, names: readonly string[], column: string): Belongings {
  const isNamed = ({ name }: { readonly name: string }) => names.includes(name);
  return {
    indexes: table.indexes.filter(isNamed),
    constraints: table.constraints.filter(isNamed),
    foreignKeys: table.foreignKeys.filter(isNamed),
    primaryKey: table.primaryKey?.columns.includes(column) ? table.primaryKey : null,
  };
}

/** The index of a primary key, as one of its own. */
export function indexOfPrimaryKey({ name, columns }: Key): Index {
  const keys = columns.map(quoteIdentifier);
  const definition = `btree (${quoteIdentifiers(columns)})`;
  return { name, unique: true, definition, keys, predicate: null, file: null, valid: true };
}

/** A foreign key that refers to a column, and the name of the table that has it. */
export interface Referring {
  readonly table: string;
  readonly key: ForeignKey;
}

/** The foreign keys that refer to a column, of the tables that are inspected. */
export async function referringTo(draft: Draft, table: string, column: string): Promise<Referring[]> {
  const { tables } = await draft.catalog();
  return [...tables.values()].flatMap((child) =>
    child.foreignKeys
      .filter(({ references }) => references.table === table && references.columns.includes(column))
      .map((key) => ({ table: child.name, key })),
  );
}

/** A foreign key that refers to another column in place of one. */
export function referringInstead(key: ForeignKey, column: string, other: string): ForeignKey {
  const columns = key.references.columns.map((each) => (each === column ? other : each));
  return { ...key, references: { ...key.references, columns } };
}

/** Renames an index or a constraint, if there is one of that name. */
export async function renameBelonging(draft: Draft, name: string, from: string, to: string): Promise<void> {
  const table = await draft.table(name);
  const found = ownedBy(table).find((owned) => owned.name === from);
  const mode = found?.kind === 'index' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  if (found) draft.add(alterStep(name, `rename ${from} to ${to}`, found.renameSql(to), mode));
}
