import { type Inspection, setAsideName, type Table } from '../catalog';
import { primaryKeyDifferences } from './compare';
import { createTableSql } from './ddl';
import { withTable, withTableChanged } from './effects';
import type { CreateTable } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { columnRefusals, convergeColumn } from './columns';
import { removableTable } from './drop-table';
import { createMissingEnum, enumDifferences } from './enums';
import { foreignKeyRefusals, planForeignKey } from './foreign-keys';
import { createIndex, planAddIndex } from './indexes';
import { dropLeftProofs } from './not-null';
import { takeBack } from './set-aside';
import {
  existingTable,
  inOrder,
  notice,
  type Plan,
  refuseDifferences,
  stated,
  type Step,
  steps,
} from './step';

export function planCreateTable(inspection: Inspection, statement: CreateTable): Plan {
  const { table } = statement;
  const aside = inspection.live.tables.get(setAsideName(table));
  return inOrder(inspection, [
    (before) => takeBack(before, removableTable(before, table)),
    (before) => steps(...takeKeyName(before.live.tables.get(table), aside)),
    (before) => createOrConverge(before, statement),
  ]);
}

function createOrConverge(inspection: Inspection, statement: CreateTable): Plan {
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

/**
 * Gives the primary key of a table the name that the one of the table which was set aside had, where that one was
 * dropped for it: PostgreSQL has had to call it otherwise.
 */
function takeKeyName(table: Table | undefined, aside: Table | undefined): Step[] {
  const [key, name] = [table?.primaryKey, aside?.primaryKey?.name];
  if (!table || !key || name === undefined || key.name === name) return [];
  return [
    {
      purpose: `rename primary key ${key.name}`,
      sql: `ALTER TABLE ${quoteIdentifier(table.name)} RENAME CONSTRAINT ${quoteIdentifier(key.name)} TO ${quoteIdentifier(name)}`,
      locks: [{ table: table.name, mode: 'ACCESS EXCLUSIVE' }],
      effect: (catalog) => withTableChanged(catalog, table.name, () => ({ primaryKey: { ...key, name } })),
    },
  ];
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
      locks: wanted.foreignKeys.map((key) => ({ table: key.references.table, mode: 'SHARE ROW EXCLUSIVE' })),
      names: { table },
      effect: (catalog) => withTable(catalog, created),
    },
    ...indexes.map(({ name }) => createIndex(inspection, wanted, name)),
  );
}
