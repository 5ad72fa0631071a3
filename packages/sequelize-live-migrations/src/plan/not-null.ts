import { type Column, columnKey, type Inspection, type Table } from '../catalog';
import { withColumnChanged, withTableChanged } from './effects';
import type { ColumnAttributes } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { fillStep } from './backfill';
import type { Step } from './step';

/** Whether a column has nulls, and no default that could fill them. */
export function hasUnfillableNulls({ live }: Inspection, table: string, { name }: Column): boolean {
  return live.contents.withNulls.has(columnKey(table, name));
}

/**
 * The steps that set NOT NULL on an existing column. `SET NOT NULL` scans the whole table under ACCESS EXCLUSIVE,
 * unless a valid NOT NULL check makes that unnecessary (PostgreSQL 12, ALTER TABLE). So a check is added `NOT VALID`,
 * validated under SHARE UPDATE EXCLUSIVE, which blocks neither reads nor writes, and dropped at the end.
 */
export function setNotNull(
  { live }: Inspection,
  table: Table,
  column: Column,
  attributes: ColumnAttributes,
): Step[] {
  const set = step(table, `set not null ${table.name}.${column.name}`, {
    sql: `ALTER COLUMN ${quoteIdentifier(column.name)} SET NOT NULL`,
    effect: (catalog) => withColumnChanged(catalog, table.name, column.name, { notNull: true }),
  });
  if (!live.contents.withRows.has(table.name)) return [set];
  const fill = fillStep(table, column, attributes);
  return [
    ...fill,
    addNotNullCheck(table, column),
    ...fill, // the rows that were written before the check was there
    validateNotNullCheck(table, column),
    set,
    dropNotNullCheck(table, column),
  ];
}

/**
 * The steps that drop the NOT NULL checks which an interrupted run has left on a table: with one, no row in which the
 * column is null can be updated, not even to fill another column.
 */
export function dropLeftoverNotNullChecks(table: Table): Step[] {
  return table.columns
    .filter((column) => table.checks.includes(notNullCheckName(table, column)))
    .map((column) => dropNotNullCheck(table, column));
}

// Not "…_not_null": so PostgreSQL 18 names its own NOT NULL constraints.
function notNullCheckName(table: Table, column: Column): string {
  return `${table.name}_${column.name}_no_nulls`;
}

function dropNotNullCheck(table: Table, column: Column): Step {
  const check = notNullCheckName(table, column);
  return step(table, `drop the NOT NULL check of ${table.name}.${column.name}`, {
    sql: `DROP CONSTRAINT ${quoteIdentifier(check)}`,
    effect: (catalog) =>
      withTableChanged(catalog, table.name, ({ checks }) => ({
        checks: checks.filter((name) => name !== check),
      })),
  });
}

function addNotNullCheck(table: Table, column: Column): Step {
  const check = notNullCheckName(table, column);
  return step(table, `add the NOT NULL check of ${table.name}.${column.name}, NOT VALID`, {
    sql: `ADD CONSTRAINT ${quoteIdentifier(check)} CHECK (${quoteIdentifier(column.name)} IS NOT NULL) NOT VALID`,
    effect: (catalog) =>
      withTableChanged(catalog, table.name, ({ checks }) => ({ checks: [...checks, check] })),
    // As long as the check exists, a row in which the column is null cannot be updated.
    ifLaterFails: dropNotNullCheck(table, column),
  });
}

function validateNotNullCheck(table: Table, column: Column): Step {
  return step(table, `validate the NOT NULL check of ${table.name}.${column.name}`, {
    sql: `VALIDATE CONSTRAINT ${quoteIdentifier(notNullCheckName(table, column))}`,
    transaction: 'alone',
    locks: [{ table: table.name, mode: 'SHARE UPDATE EXCLUSIVE' }],
    effect: (catalog) => catalog,
  });
}

function step({ name }: Table, purpose: string, { sql, ...rest }: Omit<Step, 'purpose'>): Step {
  const locks = [{ table: name, mode: 'ACCESS EXCLUSIVE' }] as const;
  return { purpose, sql: `ALTER TABLE ${quoteIdentifier(name)} ${sql}`, locks, ...rest };
}
