import type { Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral, type TableLock, type TableLockMode } from '../../postgres';
import type { Step } from './step';

/** `ALTER TABLE "pets" ADD COLUMN …` */
export function alterTableSql(table: string, action: string): string {
  return `ALTER TABLE ${quoteIdentifier(table)} ${action}`;
}

/** `ALTER TABLE "pets" ALTER COLUMN "name" SET NOT NULL` */
export function alterColumnSql(table: string, column: string, action: string): string {
  return alterTableSql(table, `ALTER COLUMN ${quoteIdentifier(column)} ${action}`);
}

/** Drops a type or a function, unless something else uses it: then it stays. */
export function dropUnlessUsedSql(what: string): string {
  return `DO ${quoteLiteral(`BEGIN DROP ${what}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END`)}`;
}

/** A step that changes a table. */
export function alterTable(
  table: string,
  purpose: string,
  action: string,
  mode: TableLockMode = 'ACCESS EXCLUSIVE',
): Step {
  return alterStep(table, purpose, alterTableSql(table, action), mode);
}

/** The step that drops a constraint which is no foreign key. */
export function dropConstraint(table: string, name: string): Step {
  return alterTable(table, `drop constraint ${name}`, `DROP CONSTRAINT ${quoteIdentifier(name)}`);
}

/**
 * A step that changes a column.
 *
 * @param purpose `set the default of`
 */
export function alterColumn(table: string, column: string, purpose: string, action: string): Step {
  return alterStep(table, `${purpose} ${table}.${column}`, alterColumnSql(table, column, action));
}

/** The same by SQL of any kind, also about what belongs to the table. */
export function alterStep(
  table: string,
  purpose: string,
  sql: string,
  mode: TableLockMode = 'ACCESS EXCLUSIVE',
): Step {
  return { purpose, sql, locks: [{ table, mode }] };
}

/** The locks of a change of a column that its foreign keys are made again with, or dropped: they lock their parents as well. */
export function locksWithKeys({ name, foreignKeys }: Table, column: string): TableLock[] {
  const keys = foreignKeys.filter(({ columns }) => columns.includes(column));
  const tables = new Set([name, ...keys.map(({ references }) => references.table)]);
  return [...tables].map((table) => ({ table, mode: 'ACCESS EXCLUSIVE' }));
}
