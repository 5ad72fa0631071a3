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
 * Takes a column away: for good where its table holds no rows, so that undoing is an exact inverse, enum type
 * included; otherwise it is set aside.
 */
export function planRemoveColumn(inspection: Inspection, statement: AddColumn, migration: string): Plan {
  const { table: name, column: columnName, attributes } = statement;
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

/** A column, under its own name or the one under which it was set aside. */
export function removableColumn({ live, desired }: Inspection, tableName: string, name: string): Removable {
  const table = live.tables.get(tableName);
  const declared = desired.tables.get(tableName);
  const usual = (declared && columnNamed(declared, name)?.default) ?? null;
  const columnOf = (its: string) => table && columnNamed(table, its);
  const dropSql = (its: string) => `${alter(tableName)} DROP COLUMN ${quoteIdentifier(its)}`;
  return {
    what: `column ${tableName}.${name}`,
    name,
    find: (its) => {
      const column = columnOf(its);
      return column && { comment: column.comment, reasonToKeep: reasonToKeepOf(live, tableName, column) };
    },
    rename: (from, to) => {
      const column = columnOf(from);
      return renameColumn(tableName, from, to, to !== name && column !== undefined && isNeeded(column));
    },
    drop: (its) => ({
      ...dropColumn(table, tableName, its, name),
      transaction: 'alone',
      precondition: {
        subject: columnKey(tableName, its),
        violation: valuesSql(quoteIdentifier(tableName), { name: its, usual }),
        hasNoWriters: true,
      },
    }),
    commentedAs: (its) => `COLUMN ${quoteIdentifier(tableName)}.${quoteIdentifier(its)}`,
    merge: mergeSql(tableName, usual, columnOf(name), columnOf(keptAsideName(name))),
    dropSql,
  };
}

function reasonToKeepOf(
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

/** What has been written since to `own` goes to where the older values are. */
function mergeSql(table: string, usual: string | null, own?: Column, keptAside?: Column): string[] {
  if (!own || !keptAside) return [];
  const [quoted, from, to] = [table, own.name, keptAside.name].map(quoteIdentifier);
  const value = own.type === keptAside.type ? from : `${String(from)}::text::${keptAside.type}`;
  return [
    `LOCK TABLE ${String(quoted)} IN SHARE ROW EXCLUSIVE MODE`,
    `UPDATE ${String(quoted)} SET ${String(to)} = ${String(value)} ` +
      `WHERE ${String(from)} IS NOT NULL AND ${String(from)}::text IS DISTINCT FROM (${usual ?? 'NULL'})::text`,
  ];
}

/** Whether an insert that does not know the column fails over it. */
function isNeeded(column: Column): boolean {
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
 * Without CASCADE: what else depends on the column, PostgreSQL names and keeps.
 *
 * @param nameNow the name that it has before the steps that come first
 */
function dropColumn(table: Table | undefined, tableName: string, name: string, nameNow = name): Step {
  const keys =
    table?.foreignKeys.filter(({ columns }) => [name, nameNow].some((its) => columns.includes(its))) ?? [];
  const tables = [tableName, ...keys.map(({ references }) => references.table)];
  return {
    purpose: `drop column ${tableName}.${name}`,
    sql: `${alter(tableName)} DROP COLUMN ${quoteIdentifier(name)}`,
    locks: tables.map((its) => ({ table: its, mode: 'ACCESS EXCLUSIVE' })),
    effect: (catalog) => withoutColumn(catalog, tableName, name),
  };
}

function alter(table: string): string {
  return `ALTER TABLE ${quoteIdentifier(table)}`;
}
