import { type Inspection, keptAsideName, type Table } from '../catalog';
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
import { dropLeftoverNotNullChecks } from './not-null';
import { restore } from './keep-aside';
import {
  existingTable,
  inOrder,
  notice,
  type Plan,
  refuseDifferences,
  declared,
  type Step,
  steps,
} from './step';

export function planCreateTable(inspection: Inspection, change: CreateTable): Plan {
  const { table } = change;
  const keptAside = inspection.live.tables.get(keptAsideName(table));
  return inOrder(inspection, [
    (before) => restore(before, removableTable(before, table)),
    (before) => steps(...renamePrimaryKey(before.live.tables.get(table), keptAside)),
    (before) => createOrConverge(before, change),
  ]);
}

function createOrConverge(inspection: Inspection, change: CreateTable): Plan {
  const { table: name, existing } = change;
  const desired = declared(inspection.desired.tables.get(name), `table ${name}`);
  const found = inspection.live.tables.get(name);
  if (!found) return createTable(inspection, change, desired);
  if (existing === 'keep') {
    refuseDifferences(inspection, primaryKeyDifferences(desired, found));
    return notice(`table ${name} is there already: left as it is`);
  }
  return convergeTable(inspection, change, desired, found);
}

function convergeTable(inspection: Inspection, change: CreateTable, desired: Table, found: Table): Plan {
  const { table, attributes, indexes } = change;
  const columns = Object.entries(attributes).map(([column, columnAttributes]) => ({
    table,
    column,
    attributes: columnAttributes,
  }));
  refuseDifferences(inspection, [
    ...primaryKeyDifferences(desired, found),
    ...columns.flatMap((column) => columnRefusals(inspection, column)),
    ...desired.foreignKeys.flatMap((key) => foreignKeyRefusals(inspection, table, key)),
  ]);
  return inOrder(inspection, [
    (before) => steps(...dropLeftoverNotNullChecks(existingTable(before, table))),
    ...columns.map((column) => (before: Inspection) => convergeColumn(before, column)),
    ...desired.foreignKeys.map((key) => planForeignKey(table, key)),
    ...indexes.map((index) => (before: Inspection) => planAddIndex(before, index)),
  ]);
}

/**
 * The step that gives the primary key of a table its usual name, where the table was created while another one was kept
 * aside, and the key of that had the name. The step comes after the other table was dropped.
 */
function renamePrimaryKey(table: Table | undefined, keptAside: Table | undefined): Step[] {
  const key = table?.primaryKey;
  const name = keptAside?.primaryKey?.name;
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

function createTable(inspection: Inspection, change: CreateTable, desired: Table): Plan {
  const { table, attributes, indexes } = change;
  const columns = Object.entries(attributes);
  refuseDifferences(
    inspection,
    columns.flatMap(([column, columnAttributes]) =>
      enumDifferences(inspection, table, column, columnAttributes),
    ),
  );
  const created = { ...desired, indexes: [], dependents: [] };
  return steps(
    ...columns.flatMap(([column, columnAttributes]) =>
      createMissingEnum(inspection, table, column, columnAttributes),
    ),
    {
      purpose: `create table ${table}`,
      sql: createTableSql(desired),
      locks: desired.foreignKeys.map((key) => ({ table: key.references.table, mode: 'SHARE ROW EXCLUSIVE' })),
      names: { table },
      effect: (catalog) => withTable(catalog, created),
    },
    ...indexes.map(({ name }) => createIndex(inspection, desired, name)),
  );
}
