import { withoutTable, withTable, type Table } from '../catalog';
import { describe, primaryKeyDifferences, tableDifferences } from '../compare';
import { createTableSql } from '../ddl';
import type { Inspection } from '../inspect';
import type { CreateTable } from '../intents';
import { quoteIdentifier } from '../names';
import { createMissingEnum, dropUnusedEnum } from './enums';
import { createIndex, planAddIndex } from './indexes';
import { all, notice, NOTHING, refuseDifferences, stated, steps, type Plan } from './step';

export function planCreateTable(inspection: Inspection, statement: CreateTable): Plan {
  const { table: name, existing, indexes } = statement;
  const wanted = stated(inspection.wanted.tables.get(name), `table ${name}`);
  const found = inspection.live.tables.get(name);
  if (!found) return createTable(inspection, statement, wanted);
  if (existing === 'keep') {
    refuseDifferences(inspection, primaryKeyDifferences(wanted, found));
    return notice(`table ${name} is there already: left as it is`);
  }
  refuseDifferences(inspection, tableDifferences(wanted, found));
  return all(indexes.map((index) => planAddIndex(inspection, index)));
}

function createTable(inspection: Inspection, statement: CreateTable, wanted: Table): Plan {
  const { table, attributes, indexes } = statement;
  const enums = Object.entries(attributes).flatMap(([column, its]) =>
    createMissingEnum(inspection, table, column, its),
  );
  const created = { ...wanted, indexes: [], dependents: [] };
  return steps(
    ...enums,
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
    ...(live.tablesWithRows.has(found.name) ? ['it holds rows'] : []),
    ...(extra.length > 0 ? [`it has columns that no migration made (${extra.join(', ')})`] : []),
    ...tableDifferences(created, found).map(describe),
    ...found.dependents.map(({ what }) => `${what} depends on it`),
  ];
}
