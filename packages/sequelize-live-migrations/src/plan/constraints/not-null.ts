import { type Column, type Constraint, fitting, type Table } from '../../catalog';
import { quoteIdentifier, unquoted } from '../../postgres';
import { alterColumn, alterTable } from '../draft/alter';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { violationsWhere } from '../draft/violations';
import { validateConstraint } from './constraint-steps';

/**
 * Adds the steps that set NOT NULL on an existing column. `SET NOT NULL` scans the whole table under ACCESS EXCLUSIVE,
 * unless a valid NOT NULL check makes that unnecessary (PostgreSQL 12, ALTER TABLE). So a check is added `NOT VALID`,
 * validated under SHARE UPDATE EXCLUSIVE, which blocks neither reads nor writes, and dropped at the end.
 *
 * @param fill the steps that fill its nulls; none where there are none
 */
export async function setNotNull(
  draft: Draft,
  table: Table,
  column: Column,
  fill: readonly Step[],
): Promise<void> {
  const set = alterColumn(table.name, column.name, 'set not null', 'SET NOT NULL');
  if (!(await draft.rows.existIn(table))) {
    draft.add(set);
    return;
  }
  draft.add(
    ...fill,
    addNotNullCheck(table, column),
    ...fill, // the rows that were written before the check was there
    validateNotNullCheck(table, column),
    set,
    dropNotNullCheck(table, column),
  );
}

/** That rows have nulls in a column that is to be NOT NULL, and that nothing fills. */
export function nullsOf(draft: Draft, table: Table, { name }: Column): Promise<Difference[]> {
  const isNull = `${quoteIdentifier(name)} IS NULL`;
  return violationsWhere(draft, table, isNull, (query) => ({
    what: `column ${table.name}.${name}`,
    expected: 'not null',
    found: `nulls, and neither a default nor a backfill: ${query};`,
  }));
}

/**
 * The steps that drop the NOT NULL checks which an interrupted run has left on a table: with one, no row in which the
 * column is null can be updated, not even to fill another column.
 */
export function dropLeftoverNotNullChecks(table: Table): Step[] {
  return table.columns
    .filter((column) => table.constraints.some((constraint) => isNotNullCheck(table, column, constraint)))
    .map((column) => dropNotNullCheck(table, column));
}

/** By its condition, too: somebody may have given another check that name. */
function isNotNullCheck(table: Table, column: Column, { name, definition }: Constraint): boolean {
  const [, printed = ''] = /^CHECK \(\((.+) IS NOT NULL\)\)$/.exec(definition) ?? [];
  return name === notNullCheckName(table, column) && unquoted(printed) === column.name;
}

// Not "…_not_null": so PostgreSQL 18 names its own NOT NULL constraints.
function notNullCheckName(table: Table, column: Column): string {
  return fitting(`${table.name}_${column.name}_no_nulls`);
}

function dropNotNullCheck(table: Table, column: Column): Step {
  const drop = `DROP CONSTRAINT ${quoteIdentifier(notNullCheckName(table, column))}`;
  return alterTable(table.name, `drop the NOT NULL check of ${table.name}.${column.name}`, drop);
}

function addNotNullCheck(table: Table, column: Column): Step {
  const [check, name] = [notNullCheckName(table, column), column.name].map(quoteIdentifier);
  const add = `ADD CONSTRAINT ${String(check)} CHECK (${String(name)} IS NOT NULL) NOT VALID`;
  const purpose = `add the NOT NULL check of ${table.name}.${column.name}, NOT VALID`;
  // As long as the check exists, a row in which the column is null cannot be updated.
  return { ...alterTable(table.name, purpose, add), ifLaterFails: dropNotNullCheck(table, column) };
}

function validateNotNullCheck(table: Table, column: Column): Step {
  const purpose = `validate the NOT NULL check of ${table.name}.${column.name}`;
  return validateConstraint(table, notNullCheckName(table, column), purpose);
}
