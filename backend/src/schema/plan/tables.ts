import { withoutTable, withTable, type Table } from '../catalog';
import { describe, primaryKeyDifferences, tableDifferences } from '../compare';
import { createTableSql } from '../ddl';
import type { Inspection } from '../inspect';
import type { CreateTable } from '../intents';
import { quoteIdentifier } from '../names';
import { columnRefusals, convergeColumn } from './columns';
import { createMissingEnum, dropUnusedEnum, enumDifferences } from './enums';
import { foreignKeyRefusals, planForeignKey } from './foreign-keys';
import { createIndex, planAddIndex } from './indexes';
import { dropLeftProofs } from './not-null';
import { existingTable, inOrder, notice, NOTHING, refuseDifferences, stated, steps, type Plan } from './step';

export function planCreateTable(inspection: Inspection, statement: CreateTable): Plan {
  const { table: name, existing } = statement;
  const wanted = stated(inspection.wanted.tables.get(name), `table ${name}`);
  const found = inspection.live.tables.get(name);
  if (!found) return createTable(inspection, statement, wanted);
  if (existing === 'keep') {
    refuseDifferences(inspection, primaryKeyDifferences(wanted, found));
    return notice(`table ${name} is there already: left as it is`);
  }
  return convergeTable(inspection, statement, wanted, found);
}

function convergeTable(inspection: Inspection, statement: CreateTable, wanted: Table, found: Table): Plan {
  const { table, attributes, indexes } = statement;
  const columns = Object.entries(attributes).map(([column, its]) => ({ table, column, attributes: its }));
  refuseDifferences(inspection, [
    ...primaryKeyDifferences(wanted, found),
    ...columns.flatMap((column) => columnRefusals(inspection, column)),
    ...wanted.foreignKeys.flatMap((key) => foreignKeyRefusals(inspection, table, key)),
  ]);
  return inOrder(inspection, [
    (before) => steps(...dropLeftProofs(existingTable(before, table))),
    ...columns.map((column) => (before: Inspection) => convergeColumn(before, column)),
    ...wanted.foreignKeys.map((key) => planForeignKey(table, key)),
    ...indexes.map((index) => (before: Inspection) => planAddIndex(before, index)),
  ]);
}

function createTable(inspection: Inspection, statement: CreateTable, wanted: Table): Plan {
  const { table, attributes, indexes } = statement;
  const columns = Object.entries(attributes);
  refuseDifferences(
    inspection,
    columns.flatMap(([column, its]) => enumDifferences(inspection, table, column, its)),
  );
  const created = { ...wanted, indexes: [], dependents: [] };
  return steps(
    ...columns.flatMap(([column, its]) => createMissingEnum(inspection, table, column, its)),
    {
      purpose: `create table ${table}`,
      sql: createTableSql(wanted),
      effect: (catalog) => withTable(catalog, created),
    },
    ...indexes.map(({ name }) => createIndex(wanted, name)),
  );
}

export function planDropTable(inspection: Inspection, { table, attributes, existing }: CreateTable): Plan {
  const found = inspection.live.tables.get(table);
  if (!found) return NOTHING;
  const reasons = existing === 'keep' ? reasonsToKeep(inspection, found) : [];
  if (reasons.length > 0) return notice(`table ${table} is left as it is: ${reasons.join('; ')}`);
  const enums = Object.entries(attributes).flatMap(([column, its]) =>
    dropUnusedEnum(inspection, table, column, its),
  );
  return steps(
    {
      purpose: `drop table ${table}`,
      // Without CASCADE: what else depends on the table, PostgreSQL names and keeps.
      sql: `DROP TABLE ${quoteIdentifier(table)}`,
      effect: (catalog) => withoutTable(catalog, table),
    },
    ...enums,
  );
}

/** Why a table that may be somebody else's is not dropped: anything at all that would be lost or broken. */
function reasonsToKeep({ live, wanted }: Inspection, found: Table): string[] {
  const created = stated(wanted.tables.get(found.name), `table ${found.name}`);
  const columnNames = ({ columns }: Table) => columns.map(({ name }) => name).sort();
  const expected = columnNames(created);
  const extra = columnNames(found).filter((name) => !expected.includes(name));
  return [
    ...(live.contents.withRows.has(found.name) ? ['it holds rows'] : []),
    ...(extra.length > 0 ? [`it has columns that no migration made (${extra.join(', ')})`] : []),
    ...tableDifferences(created, found).map(describe),
    ...found.dependents.map(({ what }) => `${what} depends on it`),
  ];
}
