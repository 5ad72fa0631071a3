import type { Constraint, ForeignKey, Index, Table } from '../catalog';
import type { Draft } from './draft';
import { alterStep } from './overlap';
import { ownedConstraints, ownedIndexes } from './rename-along';
import { ownedByColumn } from './removable-column';
import { renameColumn } from './rename-column';

/** The indexes and constraints of a column. */
export interface Belongings {
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
  readonly foreignKeys: readonly ForeignKey[];
}

export async function belongingsOf(draft: Draft, table: Table, column: string): Promise<Belongings> {
  const names = await namesOfBelongings(draft, table, column);
  return belongingsNamed(table, names);
}

/** What belongs to a column, as it would be if it belonged to another one of the table. */
export async function belongingsMovedTo(
  draft: Draft,
  table: Table,
  column: string,
  other: string,
): Promise<Belongings> {
  const names = await namesOfBelongings(draft, table, column);
  const { tables } = await draft.declare({
    statements: [renameColumn(table.name, other, UNUSED).sql, renameColumn(table.name, column, other).sql],
    parents: new Map(),
  });
  const moved = tables.get(table.name);
  return moved ? belongingsNamed(moved, names) : { indexes: [], constraints: [], foreignKeys: [] };
}

async function namesOfBelongings(draft: Draft, table: Table, column: string): Promise<readonly string[]> {
  return (await ownedByColumn(draft, table.name, column, UNUSED)).map(({ name }) => name);
}

function belongingsNamed(table: Table, names: readonly string[]): Belongings {
  const isNamed = ({ name }: { readonly name: string }) => names.includes(name);
  return {
    indexes: table.indexes.filter(isNamed),
    constraints: table.constraints.filter(isNamed),
    foreignKeys: table.foreignKeys.filter(isNamed),
  };
}

/** Renames an index or a constraint, if there is one of that name. */
export async function renameBelonging(draft: Draft, name: string, from: string, to: string): Promise<void> {
  const table = await draft.table(name);
  const checks = table.constraints.filter(({ type }) => type === 'c');
  const isNamed = ({ name: each }: { readonly name: string }) => each === from;
  const index = ownedIndexes(table).find(isNamed);
  const found = index ?? ownedConstraints(table, [...checks, ...table.foreignKeys]).find(isNamed);
  const mode = index ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  if (found) draft.add(alterStep(name, `rename ${from} to ${to}`, [found.renameSql(to)], mode));
}

/** A name that no column has. */
const UNUSED = 'the column, under another name';
