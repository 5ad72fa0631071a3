import type { Dependent, LiveCatalog, Table } from '../catalog';
import { describe, tableDifferences } from '../compare';
import { withoutTable, withTableRenamed } from '../effects';
import type { Inspection } from '../inspect';
import { rowsSql } from '../inspect/probe';
import type { CreateTable } from '../intents';
import { quoteIdentifier, quoteIdentifiers, SET_ASIDE, setAsideName } from '../names';
import { dropTypesSql, dropUnusedEnum } from './enums';
import { setAside, type Removable } from './set-aside';
import { inOrder, notice, NOTHING, stated, steps, type Plan, type Step } from './step';

/**
 * Takes a table away: for good where it holds no rows and nothing stands on it, so that undoing is an exact
 * inverse, enum types included; otherwise it is set aside, or where it is somebody else's left as it is.
 */
export function planDropTable(inspection: Inspection, statement: CreateTable, migration: string): Plan {
  const { table: name, attributes, existing } = statement;
  const found = inspection.live.tables.get(name);
  if (!found) return NOTHING;
  if (existing === 'keep') return dropUnlessKept(inspection, statement, found);
  if (!holdsData(inspection.live, found)) return dropForGood(inspection, statement, found);
  return setAside(inspection, removableTable(inspection, name), {
    migration,
    forGood: [
      `DROP TABLE ${quoteIdentifier(setAsideName(name))}`,
      ...dropTypesSql(inspection, name, attributes),
    ],
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
  const left = found.dependents.flatMap(({ relation }) => live.tables.get(relation) ?? []);
  return inOrder(inspection, [
    () => steps(...left.map(dropTable)),
    (before) => dropForGood(before, statement, found),
  ]);
}

/** Why a table that may be somebody else's is not dropped: anything at all that would be lost or broken. */
function reasonsToKeep({ live, wanted }: Inspection, found: Table): string[] {
  const created = stated(wanted.tables.get(found.name), `table ${found.name}`);
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
  return relation.startsWith(SET_ASIDE) && table !== undefined && !holdsData(live, table);
}

function holdsData({ contents }: LiveCatalog, { name, dependents }: Table): boolean {
  return contents.withRows.has(name) || dependents.length > 0;
}

/** A table, under its own name or the one under which it was set aside. */
export function removableTable({ live }: Inspection, name: string): Removable {
  const [own, aside] = [live.tables.get(name), live.tables.get(setAsideName(name))];
  const found = (table: Table) => ({
    holdsData: holdsData(live, table),
    comment: table.comment,
    drop: dropTable(table),
  });
  const shared =
    own?.columns.filter((column) => aside?.columns.some((its) => its.name === column.name)) ?? [];
  const columns = quoteIdentifiers(shared.map((column) => column.name));
  const [quoted, quotedAside] = [quoteIdentifier(name), quoteIdentifier(setAsideName(name))];
  return {
    what: `table ${name}`,
    name,
    own: own && found(own),
    aside: aside && found(aside),
    rename: (from, to) => ({
      purpose: `rename table ${from} to ${to}`,
      sql: `ALTER TABLE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`,
      locks: [{ table: from, mode: 'ACCESS EXCLUSIVE' }],
      names: { table: to, was: from },
      effect: (catalog) => withTableRenamed(catalog, from, to),
    }),
    commentedAs: (its) => `TABLE ${quoteIdentifier(its)}`,
    merge: [
      `LOCK TABLE ${quoted} IN SHARE ROW EXCLUSIVE MODE`,
      `INSERT INTO ${quotedAside} (${columns}) SELECT ${columns} FROM ${quoted}`,
      `DROP TABLE ${quoted}`,
    ],
  };
}

/** Without CASCADE: what else depends on the table, PostgreSQL names and keeps. */
function dropTable({ name, foreignKeys }: Table): Step {
  // The triggers of a foreign key are on both of its tables.
  const parents = foreignKeys.map(({ references }) => references.table);
  return {
    purpose: `drop table ${name}`,
    sql: `DROP TABLE ${quoteIdentifier(name)}`,
    locks: [name, ...parents].map((table) => ({ table, mode: 'ACCESS EXCLUSIVE' })),
    provided: { subject: name, counterexample: rowsSql(quoteIdentifier(name)) },
    effect: (catalog) => withoutTable(catalog, name),
  };
}
