import { createIndexSql, type Index, indexNamed, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { onShadow } from '../declared/as-declared';
import type { Step } from '../draft/step';

/**
 * The step that creates an index of a table which exists, or will by then. Where the table has rows, concurrently: that
 * scans the table twice and waits for older transactions, but does not block writes (manual, CREATE INDEX, Building
 * Indexes Concurrently).
 */
export function createIndex(table: string, index: Index, isConcurrent: boolean): Step {
  return {
    purpose: `create index ${index.name}`,
    ...statement((concurrently) => createIndexSql(table, index, concurrently), isConcurrent),
    ...executionOn(table, isConcurrent, 'SHARE'),
  };
}

/** An index as PostgreSQL has created it on a shadow. */
export function declaredIndex(table: Table | undefined, name: string): Index {
  return onShadow(`Index ${name}`, table && indexNamed(table, name));
}

/** The step that drops an index. */
export function dropIndex(table: string, name: string, isConcurrent: boolean): Step {
  return {
    purpose: `drop index ${name}`,
    ...statement((concurrently) => {
      const ifExists = concurrently && 'IF EXISTS '; // one that was cut short, Citus may have dropped on some nodes
      return `DROP INDEX ${concurrently}${ifExists}${quoteIdentifier(name)}`;
    }, isConcurrent),
    ...executionOn(table, isConcurrent, 'ACCESS EXCLUSIVE'),
  };
}

/** The statement, `CONCURRENTLY` where the table has rows, so that other sessions would have to wait for it. */
function statement(
  sql: (concurrently: 'CONCURRENTLY ' | '') => string,
  isConcurrent: boolean,
): Pick<Step, 'sql' | 'onShadows'> {
  return isConcurrent ? { sql: sql('CONCURRENTLY '), onShadows: [sql('')] } : { sql: sql('') };
}

/** The locks and the transaction of a step that creates or drops an index of a table. */
function executionOn(
  table: string,
  isConcurrent: boolean,
  mode: 'SHARE' | 'ACCESS EXCLUSIVE',
): Pick<Step, 'locks' | 'transaction'> {
  return isConcurrent
    ? { transaction: 'none', locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }] }
    : { locks: [{ table, mode }] };
}
