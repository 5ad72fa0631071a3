import type { Column, LiveCatalog, Table } from '../catalog';
import { columnNamed } from '../compare';
import { withColumnChanged, withColumnRenamed, withoutColumn } from '../effects';
import type { Inspection } from '../inspect';
import { columnKey, rowsSql, valuesSql } from '../inspect/probe';
import type { AddColumn } from '../intents';
import { quoteIdentifier, setAsideName } from '../names';
import { dropUnusedEnum, dropTypesSql } from './enums';
import { setAside, type Removable } from './set-aside';
import { NOTHING, steps, type Claim, type Plan, type Step } from './step';

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
    const noRows = { subject: name, counterexample: rowsSql(quoteIdentifier(name)) };
    return steps(
      dropColumn(table, column, noRows),
      ...dropUnusedEnum(inspection, name, columnName, attributes),
    );
  }
  const forGood = `${alter(name)} DROP COLUMN ${quoteIdentifier(setAsideName(columnName))}`;
  return setAside(inspection, removableColumn(inspection, name, columnName), {
    migration,
    forGood: [forGood, ...dropTypesSql(inspection, name, { [columnName]: attributes })],
  });
}

/** A column, under its own name or the one under which it was set aside. */
export function removableColumn({ live }: Inspection, tableName: string, name: string): Removable {
  const table = live.tables.get(tableName);
  const own = table && columnNamed(table, name);
  const aside = table && columnNamed(table, setAsideName(name));
  const [quotedTable, quoted, quotedAside] = [tableName, name, setAsideName(name)].map(quoteIdentifier);
  return {
    what: `column ${tableName}.${name}`,
    name,
    own: table && own && found(live, table, own),
    aside: table && aside && found(live, table, aside),
    rename: (from, to) => renameColumn(tableName, from, to, own?.name === from && isNeeded(own)),
    commentedAs: (its) => `COLUMN ${quoteIdentifier(tableName)}.${quoteIdentifier(its)}`,
    merge: [
      `LOCK TABLE ${quotedTable} IN SHARE ROW EXCLUSIVE MODE`,
      `UPDATE ${quotedTable} SET ${quotedAside} = ${quoted} WHERE ${quoted} IS DISTINCT FROM ${own?.default ?? 'NULL'}`,
      `ALTER TABLE ${quotedTable} DROP COLUMN ${quoted}`,
    ],
  };
}

function found(live: LiveCatalog, table: Table, column: Column) {
  const subject = columnKey(table.name, column.name);
  const noValues = { subject, counterexample: valuesSql(quoteIdentifier(table.name), column) };
  return {
    holdsData: live.contents.withValues.has(subject),
    comment: column.comment,
    drop: dropColumn(table, column, noValues),
  };
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

/** Without CASCADE: what else depends on the column, PostgreSQL names and keeps. */
function dropColumn(table: Table, { name }: Column, provided: Claim): Step {
  const parents = table.foreignKeys
    .filter(({ columns }) => columns.includes(name))
    .map(({ references }) => references.table);
  return {
    purpose: `drop column ${table.name}.${name}`,
    sql: `${alter(table.name)} DROP COLUMN ${quoteIdentifier(name)}`,
    locks: [table.name, ...parents].map((its) => ({ table: its, mode: 'ACCESS EXCLUSIVE' })),
    provided,
    effect: (catalog) => withoutColumn(catalog, table.name, name),
  };
}

function alter(table: string): string {
  return `ALTER TABLE ${quoteIdentifier(table)}`;
}
