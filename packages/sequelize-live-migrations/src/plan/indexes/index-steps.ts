import { createIndexSql, type Index, indexNamed, type Table } from '../../catalog';
import { quoteIdentifier, type TableLock } from '../../postgres';
import { onShadow } from '../declared/as-declared';
import { alterTableSql } from '../draft/alter';
import type { Step } from '../draft/step';

/**
 * The step that creates an index of a table which exists, or will by then. Where the table has rows, concurrently: that
 * scans the table twice and waits for older transactions, but does not block writes (manual, CREATE INDEX, Building
 * Indexes Concurrently).
 */
export function createIndex(table: string, index: Index, isConcurrent: boolean): Step {
  const sql = (concurrently: Concurrently) => createIndexSql(table, index, concurrently);
  return indexStep(`create index ${index.name}`, { table, mode: 'SHARE' }, sql, isConcurrent);
}

/**
 * The statement that makes a unique index into a constraint of the same name, which changes only the catalog
 * (manual, ALTER TABLE, ADD table_constraint_using_index).
 */
export function addConstraintUsing(table: string, index: string): string {
  const name = quoteIdentifier(index);
  return alterTableSql(table, `ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}`);
}

/** An index as PostgreSQL has created it on a shadow. */
export function declaredIndex(table: Table | undefined, name: string): Index {
  return onShadow(`Index ${name}`, table && indexNamed(table, name));
}

/** The step that drops an index. */
export function dropIndex(table: string, name: string, isConcurrent: boolean): Step {
  const sql = (concurrently: Concurrently) => {
    const ifExists = concurrently && 'IF EXISTS '; // one that was cut short, Citus may have dropped on some nodes
    return `DROP INDEX ${concurrently}${ifExists}${quoteIdentifier(name)}`;
  };
  return indexStep(`drop index ${name}`, { table, mode: 'ACCESS EXCLUSIVE' }, sql, isConcurrent);
}

type Concurrently = 'CONCURRENTLY ' | '';

/** Where the table has rows, other sessions would have to wait for a statement that is not concurrent. */
function indexStep(
  purpose: string,
  lock: TableLock,
  sql: (concurrently: Concurrently) => string,
  isConcurrent: boolean,
): Step {
  if (!isConcurrent) return { purpose, sql: sql(''), locks: [lock] };
  const locks = [{ ...lock, mode: 'SHARE UPDATE EXCLUSIVE' }] as const;
  return { purpose, sql: sql('CONCURRENTLY '), onShadows: [sql('')], transaction: 'none', locks };
}
