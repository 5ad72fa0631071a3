import { type Column, columnNamed, hasValueSql, orAttachedSql, rowsSql, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { columnIn, onShadow } from '../declared/as-declared';
import { alterColumnSql, alterTableSql, locksWithKeys } from '../draft/alter';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { hasUndeclaredComment, undeclaredParts } from '../recognised/undeclared';
import { type Owned, ownedBy, renameAlongSql } from '../rename/rename-along';
import { renameColumn } from '../rename/rename-column';
import type { Removable } from './keep-aside';

/**
 * A column that can be kept aside.
 *
 * @param defaultSql its default as it is declared: a column with nothing else in it holds no data
 */
export function removableColumn(
  draft: Draft,
  tableName: string,
  columnName: string,
  defaultSql: string | null = null,
): Removable {
  return {
    what: `column ${tableName}.${columnName}`,
    name: columnName,
    find: async (name) => {
      const table = await draft.find(tableName);
      return table && columnNamed(table, name);
    },
    takenElsewhere: () => Promise.resolve([]),
    reasonToKeep: async (name) => {
      const table = await draft.table(tableName);
      return reasonToKeep(draft, table, columnIn(table, name), defaultSql);
    },
    rename: async (from, to) => {
      const table = await draft.table(tableName);
      const isNeeded = to !== columnName && needsValue(columnIn(table, from));
      const dropNotNull = alterColumnSql(tableName, from, 'DROP NOT NULL');
      const rename = renameColumn(tableName, from, to);
      const owned = await ownedByColumn(draft, table, from);
      const along = await renameAlongSql(draft, columnName, to, owned);
      const statements = [...(isNeeded ? [dropNotNull] : []), rename.sql, ...along];
      return { ...rename, sql: statements.join(';\n') };
    },
    drop: async (name) => dropColumnWithoutValues(await draft.table(tableName), name, defaultSql),
    commentedAs: (name) => `COLUMN ${quoteIdentifier(tableName)}.${quoteIdentifier(name)}`,
    merge: async (asideName) => {
      const table = await draft.table(tableName);
      return mergeSql(tableName, defaultSql, columnIn(table, columnName), columnIn(table, asideName));
    },
    dropSql: (name) => alterTableSql(tableName, `DROP COLUMN ${quoteIdentifier(name)}`),
  };
}

/** Why a column may not be dropped; undefined where nothing of it would be lost. */
async function reasonToKeep(
  draft: Draft,
  table: Table,
  column: Column,
  defaultSql: string | null,
): Promise<string | undefined> {
  const hasValues = await draft.rows.haveValues(table, column.name, defaultSql);
  const reasons = await reasonsNotToLoseColumn(draft, table, column);
  return [...(hasValues ? ['it has values'] : []), ...reasons].join('; ') || undefined;
}

/** What reads a column, and what somebody has put on it, which nothing would bring back. */
export async function reasonsNotToLoseColumn(draft: Draft, table: Table, column: Column): Promise<string[]> {
  return [
    ...draft.live.viewsOf(table, column).map((view) => `the view ${view} reads it`),
    ...(await draft.attachedTo(table, column)),
    ...(hasUndeclaredComment(draft, table, column) ? ['a comment'] : []),
  ];
}

/** The indexes and constraints of a column that no migration declares. */
export async function undeclaredPartsOf(draft: Draft, table: Table, column: Column): Promise<string[]> {
  const parts = undeclaredParts(draft, table.name, table);
  const owned = await ownedByColumn(draft, table, column.name);
  return owned.flatMap(({ name }) => (parts.includes(name) ? [`index or constraint ${name}`] : []));
}

/** A name that no column has. */
export const UNUSED = 'the column, under another name';

/** The step that drops a column that was kept aside, and its enum type, unless its table has rows. */
export function dropColumnWithoutRows(
  table: Table,
  name: string,
  enums: readonly string[],
  otherwise: string,
): Step {
  const drop = dropColumn(table, name);
  return {
    ...drop,
    sql: [drop.sql, ...enums].join(';\n'),
    precondition: {
      violation: orAttachedSql(rowsSql(quoteIdentifier(table.name)), table.name, name),
      otherwise,
    },
  };
}

/** The step that drops a column to which nobody writes any more, unless it has other values than its default. */
function dropColumnWithoutValues(table: Table, name: string, defaultSql: string | null): Step {
  const values = `${rowsSql(quoteIdentifier(table.name))} WHERE ${hasValueSql(name, defaultSql)}`;
  return {
    ...dropColumn(table, name),
    precondition: {
      violation: orAttachedSql(values, table.name, name),
      otherwise: `drop column ${table.name}.${name}: left, because it holds what was written in the last moment`,
    },
  };
}

/**
 * The step that drops a column, with whatever is in it. Without CASCADE: where anything else depends on the column,
 * PostgreSQL refuses to drop it and names that.
 */
export function dropColumn(table: Table, name: string): Step {
  return {
    purpose: `drop column ${table.name}.${name}`,
    sql: alterTableSql(table.name, `DROP COLUMN ${quoteIdentifier(name)}`),
    locks: locksWithKeys(table, name),
    transaction: 'alone',
  };
}

/** Copies the values that have been written since to the column that is kept aside. */
function mergeSql(
  tableName: string,
  defaultSql: string | null,
  current: Column,
  keptAside: Column,
): string[] {
  const table = quoteIdentifier(tableName);
  const from = quoteIdentifier(current.name);
  const to = quoteIdentifier(keptAside.name);
  const value = current.type === keptAside.type ? from : `${from}::text::${keptAside.type}`;
  return [
    `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    `UPDATE ${table} SET ${to} = ${value} WHERE ${hasValueSql(current.name, defaultSql)}`,
  ];
}

/** Whether an insert fails that does not give the column a value. */
export function needsValue(column: Column): boolean {
  return column.notNull && column.default === null && !column.serial && column.generated === null;
}

/** The indexes and constraints of a column: those that PostgreSQL prints otherwise when the column has another name. */
export async function ownedByColumn(draft: Draft, table: Table, column: string): Promise<Owned[]> {
  const { tables } = await draft.declare({ statements: [renameColumn(table.name, column, UNUSED).sql] });
  const renamed = onShadow(`Table ${table.name}`, tables.get(table.name));
  const printed = ({ indexes, constraints, foreignKeys }: Table) =>
    new Map([
      ...[...indexes, ...constraints].map(({ name, definition }) => [name, definition] as const),
      ...foreignKeys.map(({ name, columns }) => [name, columns.join()] as const),
    ]);
  const [before, after] = [printed(table), printed(renamed)];
  return ownedBy(table).filter(({ name }) => before.get(name) !== after.get(name));
}
