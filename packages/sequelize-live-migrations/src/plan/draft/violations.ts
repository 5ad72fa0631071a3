import type { Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { describe, type Difference } from './compare';
import type { Draft } from './draft';
import type { Step } from './step';

/** Rows that stand against a change. */
interface Violation {
  readonly table: Table;
  /** The other tables that are asked. */
  readonly others?: readonly Table[];
  /** Whether there are any now; left out where asking may need what earlier steps make. */
  readonly isFound?: (() => Promise<boolean>) | undefined;
  /**
   * Selects them.
   *
   * @param source where to select the rows of a table from
   */
  readonly query: (source: (table: Table) => string) => string;
  /** @param query selects them */
  readonly difference: (query: string) => Difference;
}

/**
 * The rows that stand against a change, found out before the first step. Where an earlier step changes the rows of the
 * table, or makes what is to be asked, they are not known by then: so a step looks for them when its turn has come, and
 * fails where it finds one.
 */
export async function violationsOf(draft: Draft, violation: Violation): Promise<Difference[]> {
  const { table, others = [], isFound, query, difference } = violation;
  if (isFound && ![table, ...others].some((asked) => draft.rows.areChanged(asked))) {
    return (await isFound()) ? [difference(query((asked) => draft.rows.sourceSql(asked)))] : [];
  }
  const then = query(({ name }) => quoteIdentifier(name));
  draft.add(lookFor(table, then, difference(then), !isFound || (await draft.rows.existIn(table))));
  return [];
}

/** The same of the rows of a table for which a condition is true. */
export function violationsWhere(
  draft: Draft,
  table: Table,
  condition: string,
  difference: Violation['difference'],
): Promise<Difference[]> {
  return violationsOf(draft, {
    table,
    isFound: () => draft.rows.find(table, condition),
    query: (source) => `SELECT * FROM ${source(table)} AS ${quoteIdentifier(table.name)} WHERE ${condition}`,
    difference,
  });
}

function lookFor({ name }: Table, query: string, found: Difference, areMany: boolean): Step {
  const raise = `RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(describe(found))}`;
  const rowSecurity = "PERFORM set_config('row_security', 'off', true)"; // an error, rather than to see only some of the rows
  return {
    purpose: `look for rows of ${name} that stand against ${found.what}`,
    sql: `DO ${quoteLiteral(`BEGIN ${rowSecurity}; IF EXISTS (${query}) THEN ${raise}; END IF; END`)}`,
    onShadows: [],
    ...(areMany ? { transaction: 'alone' } : {}),
  };
}
