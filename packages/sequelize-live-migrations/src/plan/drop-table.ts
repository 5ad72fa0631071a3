import {
  columnNamed,
  type Dependent,
  type Inspection,
  type LiveCatalog,
  rowsSql,
  keptAsideName,
  type Table,
} from '../catalog';
import { describe, tableDifferences } from './compare';
import { withoutTable, withTableRenamed } from './effects';
import type { CreateTable } from '../vocabulary';
import { quoteIdentifier, quoteIdentifiers } from '../postgres';
import { dropTypesSql, dropUnusedEnum } from './enums';
import { isKeptAside, type Removable, keepAside } from './keep-aside';
import { inOrder, NOTHING, notice, type Plan, declared, type Step, steps } from './step';

/**
 * Drops a table where it has no rows and nothing depends on it, so that undoing is an exact inverse, enum types
 * included. Otherwise keeps the table aside, or leaves it as it is where it was declared with `existing: 'keep'`.
 */
export function planDropTable(inspection: Inspection, change: CreateTable, migration: string): Plan {
  const { table: name, attributes, existing } = change;
  const found = inspection.live.tables.get(name);
  if (!found) return NOTHING;
  if (existing === 'keep') return dropUnlessInUse(inspection, change, found);
  if (reasonToKeepTable(inspection.live, found) === undefined) return dropForGood(inspection, change, found);
  return keepAside(inspection, removableTable(inspection, name), {
    migration,
    deletedWithIt: dropTypesSql(inspection, name, attributes),
  });
}

function dropForGood(inspection: Inspection, { attributes }: CreateTable, table: Table): Plan {
  const enums = Object.entries(attributes).flatMap(([column, columnAttributes]) =>
    dropUnusedEnum(inspection, table.name, column, columnAttributes),
  );
  return steps(dropTable(table), ...enums);
}

function dropUnlessInUse(inspection: Inspection, change: CreateTable, found: Table): Plan {
  const reasons = reasonsToLeave(inspection, found);
  if (reasons.length > 0) return notice(`table ${found.name} is left as it is: ${reasons.join('; ')}`);
  const { live } = inspection;
  const emptied = found.dependents.flatMap(({ relation }) => live.tables.get(relation) ?? []);
  return inOrder(inspection, [
    () => steps(...emptied.map((table) => dropTable(table))),
    (before) => dropForGood(before, change, found),
  ]);
}

/** Why a table that may belong to the application is left as it is: anything that would be lost or broken. */
function reasonsToLeave({ live, desired }: Inspection, found: Table): string[] {
  const created = declared(desired.tables.get(found.name), `table ${found.name}`);
  const columnNames = ({ columns }: Table) => columns.map(({ name }) => name).sort();
  const expected = columnNames(created);
  const extra = columnNames(found).filter((name) => !expected.includes(name));
  const dependents = found.dependents.filter((dependent) => !isEmptyAndKeptAside(live, dependent));
  return [
    ...(live.contents.withRows.has(found.name) ? ['it holds rows'] : []),
    ...(extra.length > 0 ? [`it has other columns than the migration declares (${extra.join(', ')})`] : []),
    ...tableDifferences(created, found).map(describe),
    ...dependents.map(({ kind, relation }) => `${kind} ${relation} depends on it`),
  ];
}

/** Whether a dependent is a table that an undo has kept aside and that has no rows any more. */
function isEmptyAndKeptAside(live: LiveCatalog, { relation }: Dependent): boolean {
  const table = live.tables.get(relation);
  return table !== undefined && isKeptAside(table) && reasonToKeepTable(live, table) === undefined;
}

/** Why a table may not be dropped; undefined where it has no rows and nothing depends on it. */
function reasonToKeepTable({ contents }: LiveCatalog, { name, dependents }: Table): string | undefined {
  const dependencies = dependents.map(({ kind, relation }) => `${kind} ${relation} depends on it`);
  const rows = contents.withRows.has(name) ? [contents.reasonsToKeep.get(name) ?? 'it has rows'] : [];
  return [...rows, ...dependencies].join('; ') || undefined;
}

/** A table that can be kept aside. */
export function removableTable({ live }: Inspection, tableName: string): Removable {
  return {
    what: `table ${tableName}`,
    name: tableName,
    find: (name) => {
      const table = live.tables.get(name);
      return table && { comment: table.comment, reasonToKeep: reasonToKeepTable(live, table) };
    },
    rename: (from, to) => ({
      purpose: `rename table ${from} to ${to}`,
      sql: `ALTER TABLE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`,
      locks: [{ table: from, mode: 'ACCESS EXCLUSIVE' }],
      names: { table: to, was: from },
      effect: (catalog) => withTableRenamed(catalog, from, to),
    }),
    drop: (name) => {
      const { precondition, ...step } = dropTable(live.tables.get(name) ?? live.tables.get(tableName), name);
      return { ...step, transaction: 'alone', precondition: { ...precondition, hasNoWriters: true } };
    },
    commentedAs: (name) => `TABLE ${quoteIdentifier(name)}`,
    merge: mergeSql(live.tables.get(tableName), live.tables.get(keptAsideName(tableName))),
    dropSql: (name) => `DROP TABLE ${quoteIdentifier(name)}`,
  };
}

/** Copies the rows to the table that is kept aside. Of two rows with the same key, the one in that table stays. */
function mergeSql(current?: Table, keptAside?: Table): string[] {
  if (!current || !keptAside) return [];
  const shared = keptAside.columns.flatMap((to) => {
    const from = columnNamed(current, to.name);
    return from ? [{ to, from }] : [];
  });
  const values = shared.map(({ to, from }) => {
    const column = quoteIdentifier(from.name);
    const value = from.type === to.type ? column : `${column}::text::${to.type}`;
    return to.notNull && !from.notNull && to.default !== null ? `coalesce(${value}, ${to.default})` : value;
  });
  return [
    `LOCK TABLE ${quoteIdentifier(current.name)} IN SHARE ROW EXCLUSIVE MODE`,
    `INSERT INTO ${quoteIdentifier(keptAside.name)} (${quoteIdentifiers(shared.map(({ to }) => to.name))}) ` +
      `SELECT ${values.join(', ')} FROM ${quoteIdentifier(current.name)} ON CONFLICT DO NOTHING`,
  ];
}

/**
 * Without CASCADE: where anything else depends on the table, PostgreSQL refuses to drop it and names that.
 *
 * @param table the table as it is now
 * @param name the name that it will have by then
 */
function dropTable(table: Table | undefined, name = table?.name ?? '') {
  // The triggers of a foreign key are on both of its tables.
  const parents = table?.foreignKeys.map(({ references }) => references.table) ?? [];
  return {
    purpose: `drop table ${name}`,
    sql: `DROP TABLE ${quoteIdentifier(name)}`,
    locks: [name, ...parents].map((locked) => ({ table: locked, mode: 'ACCESS EXCLUSIVE' })),
    precondition: { subject: name, violation: rowsSql(quoteIdentifier(name)) },
    effect: (catalog) => withoutTable(catalog, name),
  } satisfies Step;
}
