import { withTableChanged, type Index, type Table } from '../catalog';
import { indexDifferences, indexNamed } from '../compare';
import { createIndexSql } from '../ddl';
import type { Inspection } from '../inspect';
import type { AddIndex } from '../intents';
import { quoteIdentifier } from '../names';
import { existingTable, NOTHING, refuseDifferences, stated, steps, type Plan, type Step } from './step';

export function planAddIndex(inspection: Inspection, { table, name }: AddIndex): Plan {
  const wantedTable = stated(inspection.wanted.tables.get(table), `table ${table}`);
  const found = indexNamed(existingTable(inspection, table), name);
  if (!found) return steps(createIndex(wantedTable, name));
  refuseDifferences(inspection, indexDifferences(wantedIndex(wantedTable, name), found));
  // A concurrent build that failed leaves an index which every write maintains and no query uses.
  return found.valid ? NOTHING : steps(dropIndex(table, name), createIndex(wantedTable, name));
}

/** The step that creates an index of a table which is there, or will be by then. */
export function createIndex(wantedTable: Table, name: string): Step {
  const wanted = wantedIndex(wantedTable, name);
  return {
    purpose: `create index ${name}`,
    sql: createIndexSql(wantedTable.name, wanted),
    effect: (catalog) =>
      withTableChanged(catalog, wantedTable.name, ({ indexes }) => ({ indexes: [...indexes, wanted] })),
  };
}

function wantedIndex(wantedTable: Table, name: string): Index {
  return stated(indexNamed(wantedTable, name), `index ${name}`);
}

export function planRemoveIndex({ live }: Inspection, { table, name }: AddIndex): Plan {
  const found = live.tables.get(table);
  return found && indexNamed(found, name) ? steps(dropIndex(table, name)) : NOTHING;
}

function dropIndex(table: string, name: string): Step {
  return {
    purpose: `drop index ${name}`,
    sql: `DROP INDEX ${quoteIdentifier(name)}`,
    effect: (catalog) =>
      withTableChanged(catalog, table, ({ indexes }) => ({
        indexes: indexes.filter((index) => index.name !== name),
      })),
  };
}
