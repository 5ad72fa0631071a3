import { type Column, columnKey, type Inspection, type Table } from '../catalog';
import { withColumnChanged, withTableChanged } from './effects';
import type { ColumnAttributes } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { fillStep } from './backfill';
import type { Step } from './step';

/** Whether nothing says what to put in place of the nulls that a column holds. */
export function hasNullsThatNothingFills({ live }: Inspection, table: string, { name }: Column): boolean {
  return live.contents.withNulls.has(columnKey(table, name));
}

/**
 * The steps that make an existing column not null without anybody waiting for them. `SET NOT NULL` reads the
 * whole table under a lock that stops reads and writes, unless a valid check constraint already proves that
 * there are no nulls (PostgreSQL 12, ALTER TABLE); and validating one stops neither.
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
  const { keepOut, prove } = notNullCheckSteps(table, column);
  const fill = fillStep(table, column, attributes);
  // Filled again behind the check: the rows that came in between.
  return [...fill, keepOut, ...fill, prove, set, dropNotNullCheck(table, column)];
}

/**
 * The steps that take away the proofs which a run that was cut short has left on a table: while one stands,
 * no row with a null behind it can be written, not even to fill another column.
 */
export function dropLeftNotNullChecks(table: Table): Step[] {
  return table.columns
    .filter((column) => table.checks.includes(notNullCheckName(table, column)))
    .map((column) => dropNotNullCheck(table, column));
}

// Not "…_not_null", which PostgreSQL 18 calls the not-null constraints that it keeps itself.
function notNullCheckName(table: Table, column: Column): string {
  return `${table.name}_${column.name}_no_nulls`;
}

function dropNotNullCheck(table: Table, column: Column): Step {
  const check = notNullCheckName(table, column);
  return step(table, `drop the proof of ${table.name}.${column.name}`, {
    sql: `DROP CONSTRAINT ${quoteIdentifier(check)}`,
    effect: (catalog) =>
      withTableChanged(catalog, table.name, ({ checks }) => ({
        checks: checks.filter((name) => name !== check),
      })),
  });
}

/** The steps around a check constraint that proves that a column holds no nulls. */
function notNullCheckSteps(table: Table, column: Column) {
  const what = `${table.name}.${column.name}`;
  const check = notNullCheckName(table, column);
  const constraint = quoteIdentifier(check);
  return {
    keepOut: step(table, `keep out new nulls of ${what}`, {
      sql: `ADD CONSTRAINT ${constraint} CHECK (${quoteIdentifier(column.name)} IS NOT NULL) NOT VALID`,
      effect: (catalog) =>
        withTableChanged(catalog, table.name, ({ checks }) => ({ checks: [...checks, check] })),
      // A row with a null that is left behind it could not be updated any more.
      ifLaterFails: dropNotNullCheck(table, column),
    }),
    prove: step(table, `prove that no null is left in ${what}`, {
      sql: `VALIDATE CONSTRAINT ${constraint}`,
      transaction: 'alone',
      locks: [{ table: table.name, mode: 'SHARE UPDATE EXCLUSIVE' }],
      effect: (catalog) => catalog,
    }),
  };
}

function step({ name }: Table, purpose: string, { sql, ...rest }: Omit<Step, 'purpose'>): Step {
  const locks = [{ table: name, mode: 'ACCESS EXCLUSIVE' }] as const;
  return { purpose, sql: `ALTER TABLE ${quoteIdentifier(name)} ${sql}`, locks, ...rest };
}
