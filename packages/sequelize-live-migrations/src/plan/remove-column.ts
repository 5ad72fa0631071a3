import {
  type Column,
  columnKey,
  columnNamed,
  type Inspection,
  type LiveCatalog,
  rowsSql,
  keptAsideName,
  type Table,
  valuesSql,
} from '../catalog';
import { withColumnChanged, withColumnRenamed, withoutColumn } from './effects';
import type { AddColumn } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { dropTypesSql, dropUnusedEnum } from './enums';
import { type Removable, keepAside } from './keep-aside';
import { NOTHING, type Plan, type Step, steps } from './step';

/**
 * Drops a column where its table has no rows, so that undoing is an exact inverse, enum type included. Otherwise keeps
 * the column aside.
 */
export function planRemoveColumn(inspection: Inspection, change: AddColumn, migration: string): Plan {
  const { table: name, column: columnName, attributes } = change;
  const { live } = inspection;
  const table = live.tables.get(name);
  const column = table && columnNamed(table, columnName);
  if (!table || !column) return NOTHING;
  if (!live.contents.withRows.has(name)) {
    const noRows = { subject: name, violation: rowsSql(quoteIdentifier(name)) };
    return steps(
      { ...dropColumn(table, name, columnName), precondition: noRows },
      ...dropUnusedEnum(inspection, name, columnName, attributes),
    );
  }
  return keepAside(inspection, removableColumn(inspection, name, columnName), {
    migration,
    deletedWithIt: dropTypesSql(inspection, name, { [columnName]: attributes }),
  });
}

/** A column that can be kept aside. */
export function removableColumn(
  { live, desired }: Inspection,
  tableName: string,
  columnName: string,
): Removable {
  const table = live.tables.get(tableName);
  const desiredTable = desired.tables.get(tableName);
  const defaultSql = (desiredTable && columnNamed(desiredTable, columnName)?.default) ?? null;
  const columnOf = (name: string) => table && columnNamed(table, name);
  return {
    what: `column ${tableName}.${columnName}`,
    name: columnName,
    find: (name) => {
      const column = columnOf(name);
      return column && { comment: column.comment, reasonToKeep: reasonToKeepColumn(live, tableName, column) };
    },
    rename: (from, to) => {
      const column = columnOf(from);
      const dropsNotNull = to !== columnName && column !== undefined && needsValue(column);
      return renameColumn(tableName, from, to, dropsNotNull);
    },
    drop: (name) => ({
      ...dropColumn(table, tableName, name, columnName),
      transaction: 'alone',
      precondition: {
        subject: columnKey(tableName, name),
        violation: valuesSql(quoteIdentifier(tableName), { name, defaultSql }),
        hasNoWriters: true,
      },
    }),
    commentedAs: (name) => `COLUMN ${quoteIdentifier(tableName)}.${quoteIdentifier(name)}`,
    merge: mergeSql(tableName, defaultSql, columnOf(columnName), columnOf(keptAsideName(columnName))),
    dropSql: (name) => `${alter(tableName)} DROP COLUMN ${quoteIdentifier(name)}`,
  };
}

/** Why a column may not be dropped; undefined where it has only defaults and nulls, and no view reads it. */
function reasonToKeepColumn(
  { contents }: LiveCatalog,
  table: string,
  { name, views }: Column,
): string | undefined {
  const subject = columnKey(table, name);
  const values = contents.withValues.has(subject)
    ? [contents.reasonsToKeep.get(subject) ?? 'it has values']
    : [];
  return [...values, ...views.map((view) => `the view ${view} reads it`)].join('; ') || undefined;
}

/** Copies the values that have been written since to the column that is kept aside. */
function mergeSql(
  tableName: string,
  defaultSql: string | null,
  current?: Column,
  keptAside?: Column,
): string[] {
  if (!current || !keptAside) return [];
  const table = quoteIdentifier(tableName);
  const from = quoteIdentifier(current.name);
  const to = quoteIdentifier(keptAside.name);
  const value = current.type === keptAside.type ? from : `${from}::text::${keptAside.type}`;
  return [
    `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    `UPDATE ${table} SET ${to} = ${value} ` +
      `WHERE ${from} IS NOT NULL AND ${from}::text IS DISTINCT FROM (${defaultSql ?? 'NULL'})::text`,
  ];
}

/** Whether an insert fails that does not give the column a value. */
function needsValue(column: Column): boolean {
  return column.notNull && column.default === null && !column.serial;
}

function renameColumn(table: string, from: string, to: string, dropsNotNull: boolean): Step {
  const rename = `${alter(table)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`;
  const dropNotNull = `${alter(table)} ALTER COLUMN ${quoteIdentifier(from)} DROP NOT NULL`;
  return {
    purpose: `rename column ${table}.${from} to ${to}`,
    sql: dropsNotNull ? `${dropNotNull};\n${rename}` : rename,
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
    effect: (catalog) => {
      const renamed = withColumnRenamed(catalog, table, from, to);
      return dropsNotNull ? withColumnChanged(renamed, table, to, { notNull: false }) : renamed;
    },
  };
}

/**
 * Without CASCADE: where anything else depends on the column, PostgreSQL refuses to drop it and names that.
 *
 * @param nameNow the name that it has at present; earlier steps may rename it
 */
function dropColumn(table: Table | undefined, tableName: string, name: string, nameNow = name): Step {
  const keys =
    table?.foreignKeys.filter(({ columns }) => columns.includes(name) || columns.includes(nameNow)) ?? [];
  const tables = [tableName, ...keys.map(({ references }) => references.table)];
  return {
    purpose: `drop column ${tableName}.${name}`,
    sql: `${alter(tableName)} DROP COLUMN ${quoteIdentifier(name)}`,
    locks: tables.map((locked) => ({ table: locked, mode: 'ACCESS EXCLUSIVE' })),
    effect: (catalog) => withoutColumn(catalog, tableName, name),
  };
}

function alter(table: string): string {
  return `ALTER TABLE ${quoteIdentifier(table)}`;
}
