import { withTableChanged } from '../catalog';
import { columnDifferences, columnNamed } from '../compare';
import { columnSql } from '../ddl';
import type { Inspection } from '../inspect';
import type { AddColumn, ChangeColumn } from '../intents';
import { quoteIdentifier } from '../names';
import { createMissingEnum, dropUnusedEnum } from './enums';
import { existingTable, notice, NOTHING, refuseDifferences, stated, steps, type Plan } from './step';

function wantedColumn({ wanted }: Inspection, table: string, column: string) {
  const its = stated(wanted.tables.get(table), `table ${table}`);
  return stated(columnNamed(its, column), `column ${table}.${column}`);
}

export function planAddColumn(inspection: Inspection, statement: AddColumn): Plan {
  const { table, column, attributes } = statement;
  const found = existingTable(inspection, table);
  if (columnNamed(found, column)) return planChangeColumn(inspection, { ...statement, kind: 'changeColumn' });
  const wanted = wantedColumn(inspection, table, column);
  return steps(...createMissingEnum(inspection, table, column, attributes), {
    purpose: `add column ${table}.${column}`,
    // A constant default is stored once, in the catalog: no row is rewritten (PostgreSQL 11, ALTER TABLE, Notes).
    sql: `ALTER TABLE ${quoteIdentifier(table)} ADD COLUMN ${columnSql(wanted)}`,
    effect: (catalog) => withTableChanged(catalog, table, (t) => ({ columns: [...t.columns, wanted] })),
  });
}

export function planChangeColumn(inspection: Inspection, { table, column, attributes }: ChangeColumn): Plan {
  const found = columnNamed(existingTable(inspection, table), column);
  createMissingEnum(inspection, table, column, attributes);
  refuseDifferences(inspection, columnDifferences(table, wantedColumn(inspection, table, column), found));
  return NOTHING;
}

export function planRemoveColumn(inspection: Inspection, { table, column, attributes }: AddColumn): Plan {
  const found = inspection.live.tables.get(table);
  if (!found || !columnNamed(found, column)) return NOTHING;
  return steps(
    {
      purpose: `drop column ${table}.${column}`,
      sql: `ALTER TABLE ${quoteIdentifier(table)} DROP COLUMN ${quoteIdentifier(column)}`,
      effect: (catalog) =>
        withTableChanged(catalog, table, ({ columns }) => ({
          columns: columns.filter(({ name }) => name !== column),
        })),
    },
    ...dropUnusedEnum(inspection, table, column, attributes),
  );
}

export function planKeepColumn({ table, column }: ChangeColumn): Plan {
  return notice(`column ${table}.${column} stays as it is: what it was before is not recorded`);
}
