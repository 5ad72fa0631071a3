import { type Index, indexNamed, type Inspection, type LiveCatalog, type Table } from '../catalog';
import { indexDifferences } from './compare';
import { createIndexSql } from './ddl';
import { withTableChanged } from './effects';
import type { AddIndex } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { existingTable, NOTHING, type Plan, refuseDifferences, declared, type Step, steps } from './step';

export function planAddIndex(inspection: Inspection, { table, name }: AddIndex): Plan {
  const desiredTable = declared(inspection.desired.tables.get(table), `table ${table}`);
  const found = indexNamed(existingTable(inspection, table), name);
  if (!found) return steps(createIndex(inspection, desiredTable, name));
  refuseDifferences(inspection, indexDifferences(desiredIndex(desiredTable, name), found));
  // A concurrent build that failed leaves an invalid index, which every write maintains and no query uses.
  return found.valid
    ? NOTHING
    : steps(dropIndex(inspection, table, name), createIndex(inspection, desiredTable, name));
}

/**
 * The step that creates an index of a table which exists, or will by then. Where the table has rows, concurrently: that
 * scans the table twice and waits for older transactions, but does not block writes (manual, CREATE INDEX, Building
 * Indexes Concurrently).
 */
export function createIndex({ live }: Inspection, desiredTable: Table, name: string): Step {
  const desired = desiredIndex(desiredTable, name);
  return {
    purpose: `create index ${name}`,
    sql: createIndexSql(desiredTable.name, desired, concurrentlyOn(live, desiredTable.name)),
    ...executionOn(live, desiredTable.name),
    effect: (catalog) =>
      withTableChanged(catalog, desiredTable.name, ({ indexes }) => ({ indexes: [...indexes, desired] })),
  };
}

function desiredIndex(desiredTable: Table, name: string): Index {
  return declared(indexNamed(desiredTable, name), `index ${name}`);
}

export function planRemoveIndex(inspection: Inspection, { table, name }: AddIndex): Plan {
  const found = inspection.live.tables.get(table);
  return found && indexNamed(found, name) ? steps(dropIndex(inspection, table, name)) : NOTHING;
}

function dropIndex({ live }: Inspection, table: string, name: string): Step {
  return {
    purpose: `drop index ${name}`,
    sql: `DROP INDEX ${concurrentlyOn(live, table)}${quoteIdentifier(name)}`,
    ...executionOn(live, table),
    effect: (catalog) =>
      withTableChanged(catalog, table, ({ indexes }) => ({
        indexes: indexes.filter((index) => index.name !== name),
      })),
  };
}

/** `CONCURRENTLY ` where the table has rows, so that other sessions would have to wait for the statement. */
function concurrentlyOn({ contents }: LiveCatalog, table: string): 'CONCURRENTLY ' | '' {
  return contents.withRows.has(table) ? 'CONCURRENTLY ' : '';
}

/** The locks and the transaction of a step that creates or drops an index of a table. */
function executionOn(live: LiveCatalog, table: string): Pick<Step, 'locks' | 'transaction'> {
  return concurrentlyOn(live, table)
    ? { transaction: 'none', locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }] }
    : { locks: [{ table, mode: 'ACCESS EXCLUSIVE' }] };
}
