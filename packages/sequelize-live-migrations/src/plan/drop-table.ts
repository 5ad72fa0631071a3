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
 * Takes a table away: for good where it holds no rows and nothing stands on it, so that undoing is an exact
 * inverse, enum types included; otherwise it is set aside, or where it is somebody else's left as it is.
 */
export function planDropTable(inspection: Inspection, statement: CreateTable, migration: string): Plan {
  const { table: name, attributes, existing } = statement;
  const found = inspection.live.tables.get(name);
  if (!found) return NOTHING;
  if (existing === 'keep') return dropUnlessKept(inspection, statement, found);
  if (reasonToKeepOf(inspection.live, found) === undefined) return dropForGood(inspection, statement, found);
  return keepAside(inspection, removableTable(inspection, name), {
    migration,
    deletedWithIt: dropTypesSql(inspection, name, attributes),
  });
}

function dropForGood(inspection: Inspection, { attributes }: CreateTable, table: Table): Plan {
  const enums = Object.entries(attributes).flatMap(([column, its]) =>
    dropUnusedEnum(inspection, table.name, column, its),
  );
  return steps(dropTable(table), ...enums);
}

function dropUnlessKept(inspection: Inspection, statement: CreateTable, found: Table): Plan {
  const reasons = reasonsToKeep(inspection, found);
  if (reasons.length > 0) return notice(`table ${found.name} is left as it is: ${reasons.join('; ')}`);
  const { live } = inspection;
  const emptied = found.dependents.flatMap(({ relation }) => live.tables.get(relation) ?? []);
  return inOrder(inspection, [
    () => steps(...emptied.map((table) => dropTable(table))),
    (before) => dropForGood(before, statement, found),
  ]);
}

/** Why a table that may be somebody else's is not dropped: anything at all that would be lost or broken. */
function reasonsToKeep({ live, desired }: Inspection, found: Table): string[] {
  const created = declared(desired.tables.get(found.name), `table ${found.name}`);
  const columnNames = ({ columns }: Table) => columns.map(({ name }) => name).sort();
  const expected = columnNames(created);
  const extra = columnNames(found).filter((name) => !expected.includes(name));
  const dependents = found.dependents.filter((dependent) => !isLeftEmpty(live, dependent));
  return [
    ...(live.contents.withRows.has(found.name) ? ['it holds rows'] : []),
    ...(extra.length > 0 ? [`it has columns besides its own (${extra.join(', ')})`] : []),
    ...tableDifferences(created, found).map(describe),
    ...dependents.map(({ kind, relation }) => `${kind} ${relation} depends on it`),
  ];
}

/** Whether a dependent is a table that an undo has set aside, and that holds nothing any more. */
function isLeftEmpty(live: LiveCatalog, { relation }: Dependent): boolean {
  const table = live.tables.get(relation);
  return table !== undefined && isKeptAside(table) && reasonToKeepOf(live, table) === undefined;
}

/** Why a table may not be dropped; undefined where it holds nothing and nothing stands on it. */
function reasonToKeepOf({ contents }: LiveCatalog, { name, dependents }: Table): string | undefined {
  const standing = dependents.map(({ kind, relation }) => `${kind} ${relation} depends on it`);
  const rows = contents.withRows.has(name) ? [contents.reasonsToKeep.get(name) ?? 'it has rows'] : [];
  return [...rows, ...standing].join('; ') || undefined;
}

/** A table, under its own name or the one under which it was set aside. */
export function removableTable({ live }: Inspection, name: string): Removable {
  const dropSql = (its: string) => `DROP TABLE ${quoteIdentifier(its)}`;
  return {
    what: `table ${name}`,
    name,
    find: (its) => {
      const table = live.tables.get(its);
      return table && { comment: table.comment, reasonToKeep: reasonToKeepOf(live, table) };
    },
    rename: (from, to) => ({
      purpose: `rename table ${from} to ${to}`,
      sql: `ALTER TABLE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`,
      locks: [{ table: from, mode: 'ACCESS EXCLUSIVE' }],
      names: { table: to, was: from },
      effect: (catalog) => withTableRenamed(catalog, from, to),
    }),
    drop: (its) => {
      const { precondition, ...step } = dropTable(live.tables.get(its) ?? live.tables.get(name), its);
      return { ...step, transaction: 'alone', precondition: { ...precondition, hasNoWriters: true } };
    },
    commentedAs: (its) => `TABLE ${quoteIdentifier(its)}`,
    merge: mergeSql(live.tables.get(name), live.tables.get(keptAsideName(name))),
    dropSql,
  };
}

/** The rows that are there go to those that were set aside; of two with one key, the one that was set aside stays. */
function mergeSql(own?: Table, keptAside?: Table): string[] {
  if (!own || !keptAside) return [];
  const shared = keptAside.columns.flatMap((to) => {
    const from = columnNamed(own, to.name);
    return from ? [{ to, from }] : [];
  });
  const values = shared.map(({ to, from }) => {
    const its = quoteIdentifier(from.name);
    const value = from.type === to.type ? its : `${its}::text::${to.type}`;
    return to.notNull && !from.notNull && to.default !== null ? `coalesce(${value}, ${to.default})` : value;
  });
  return [
    `LOCK TABLE ${quoteIdentifier(own.name)} IN SHARE ROW EXCLUSIVE MODE`,
    `INSERT INTO ${quoteIdentifier(keptAside.name)} (${quoteIdentifiers(shared.map(({ to }) => to.name))}) ` +
      `SELECT ${values.join(', ')} FROM ${quoteIdentifier(own.name)} ON CONFLICT DO NOTHING`,
  ];
}

/**
 * Without CASCADE: what else depends on the table, PostgreSQL names and keeps.
 *
 * @param table the table as it is now, whatever its name will be by then
 */
function dropTable(table: Table | undefined, name = table?.name ?? '') {
  // The triggers of a foreign key are on both of its tables.
  const parents = table?.foreignKeys.map(({ references }) => references.table) ?? [];
  return {
    purpose: `drop table ${name}`,
    sql: `DROP TABLE ${quoteIdentifier(name)}`,
    locks: [name, ...parents].map((its) => ({ table: its, mode: 'ACCESS EXCLUSIVE' })),
    precondition: { subject: name, violation: rowsSql(quoteIdentifier(name)) },
    effect: (catalog) => withoutTable(catalog, name),
  } satisfies Step;
}
