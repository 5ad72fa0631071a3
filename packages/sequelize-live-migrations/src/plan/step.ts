import type { Inspection, LiveCatalog, Table } from '../catalog';
import { describe, type Difference } from './compare';
import { RefusedError } from './refused-error';
import type { TableLock } from '../postgres';

/** One statement of a plan. */
export interface Step {
  /** What it does, for the output of a run: `add column pets.status`. */
  readonly purpose: string;
  readonly sql: string;
  /** The locks that it takes on existing tables. */
  readonly locks?: readonly TableLock[];
  /**
   * Left out: in one transaction with its neighbours. `alone`: in one of its own, because it scans a table, and the
   * locks of the others would be held meanwhile. `none`: in no transaction, as `CREATE INDEX CONCURRENTLY` and
   * `DROP INDEX CONCURRENTLY` need it.
   */
  readonly transaction?: 'alone' | 'none';
  /**
   * For a step that runs in batches, each in a transaction of its own: the statement for the batch after a key (`sql`
   * is the first batch). It returns one row: `last`, the last key, which is null at the end, and `rows`, the number of
   * rows that it has written.
   */
  readonly next?: (last: string) => string;
  /** What has to be true, under the locks, for a step that would destroy something otherwise. */
  readonly precondition?: Precondition;
  /** The step that reverts it when a later step fails, where it would do harm without the later ones. */
  readonly ifLaterFails?: Step;
  /** The name that it gives a table, and the one that the table had before, unless it is new. */
  readonly names?: { readonly table: string; readonly was?: string };
  /** The catalog as the step will leave it, so that the next step can be planned before this one has run. */
  readonly effect: (catalog: LiveCatalog) => LiveCatalog;
}

/** That a table has no rows, or a column no values. */
export interface Precondition {
  /** The table, or `table.column`, as `Contents` knows it. */
  readonly subject: string;
  /** A query that returns a row where that is not true. */
  readonly violation: string;
  /**
   * Nobody writes there any more. So the query runs before the step takes its locks, for as long as it needs, and the
   * step is skipped where it finds a row.
   */
  readonly hasNoWriters?: boolean;
}

/** What a migration will do: its steps, in order, and what else to tell whoever runs it. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly notices: readonly string[];
}

export const NOTHING: Plan = { steps: [], notices: [] };

export function notice(text: string): Plan {
  return { steps: [], notices: [text] };
}

export function steps(...list: readonly Step[]): Plan {
  return { steps: list, notices: [] };
}

/** Calls planners one after the other, each with the catalog as the steps before it will leave it. */
export function inOrder(
  inspection: Inspection,
  planners: readonly ((inspection: Inspection) => Plan)[],
): Plan {
  let { live } = inspection;
  const plans = planners.map((planner) => {
    const planned = planner({ ...inspection, live });
    live = planned.steps.reduce((catalog, { effect }) => effect(catalog), live);
    return planned;
  });
  return { steps: plans.flatMap((plan) => plan.steps), notices: plans.flatMap((plan) => plan.notices) };
}

/**
 * The live table that a change is about.
 *
 * @throws RefusedError where it does not exist
 */
export function existingTable({ live }: Inspection, name: string): Table {
  const table = live.tables.get(name);
  if (table) return table;
  throw new RefusedError(
    `Table ${name} does not exist in schema ${live.schema} of database ${live.database}, ` +
      'though an earlier migration should have created it. Nothing of this migration was done. ' +
      'See with "npx sequelize-cli db:migrate:status" whether the earlier migrations have run on this database.',
  );
}

/** A desired object, as PostgreSQL has created it in `pg_temp`. Missing only if this package has a bug. */
export function declared<T>(object: T | undefined, name: string): T {
  if (object === undefined) throw new Error(`${name} was declared, but is not among the desired tables.`);
  return object;
}

/** @throws RefusedError with every difference, if there are any */
export function refuseDifferences({ live }: Inspection, differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  throw new RefusedError(
    `Database ${live.database}, schema ${live.schema}, conflicts with this migration:\n` +
      differences.map((difference) => `  - ${describe(difference)}\n`).join('') +
      'Nothing of this migration was done. Reconcile these by hand, or rename what has the name, and run the same ' +
      'command again.',
  );
}
