import { withColumnChanged, withTableChanged, type Column, type LiveCatalog, type Table } from '../catalog';
import type { Inspection } from '../inspect';
import type { ColumnAttributes } from '../intents';
import { quoteIdentifier } from '../names';
import { columnKey } from '../probe';
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
  const { keepOut, prove, drop } = proofSteps(table, column);
  const fill = fillStep(table, column, attributes);
  // Filled again behind the check: the rows that came in between.
  return [...fill, ...keepOut, ...fill, prove, set, drop];
}

/** The steps around a check constraint that proves that a column holds no nulls. */
function proofSteps(table: Table, { name }: Column) {
  const what = `${table.name}.${name}`;
  const check = `${table.name}_${name}_not_null`;
  const constraint = quoteIdentifier(check);
  const leaving = (checks: readonly string[]) => (catalog: LiveCatalog) =>
    withTableChanged(catalog, table.name, () => ({ checks }));
  const keepOut = step(table, `keep out new nulls of ${what}`, {
    sql: `ADD CONSTRAINT ${constraint} CHECK (${quoteIdentifier(name)} IS NOT NULL) NOT VALID`,
    effect: leaving([...table.checks, check]),
  });
  return {
    keepOut: table.checks.includes(check) ? [] : [keepOut], // there already, where a run was cut short
    prove: step(table, `prove that no null is left in ${what}`, {
      sql: `VALIDATE CONSTRAINT ${constraint}`,
      transaction: 'alone',
      effect: (catalog) => catalog,
    }),
    drop: step(table, `drop the proof of ${what}`, {
      sql: `DROP CONSTRAINT ${constraint}`,
      effect: leaving(table.checks.filter((other) => other !== check)),
    }),
  };
}

function step(table: Table, purpose: string, { sql, ...rest }: Omit<Step, 'purpose'>): Step {
  return { purpose, sql: `ALTER TABLE ${quoteIdentifier(table.name)} ${sql}`, ...rest };
}
