import type { Inspection, LiveCatalog, Table } from '../catalog';
import { describe, type Difference } from './compare';
import { RefusedError } from './refused-error';
import type { TableLock } from '../postgres';

/** One statement of a plan. */
export interface Step {
  /** What it is for, in the words of whoever reads the log: `add column user_sessions.status`. */
  readonly purpose: string;
  readonly sql: string;
  /** The locks that it takes on tables which are there already. */
  readonly locks?: readonly TableLock[];
  /**
   * Left out: in one transaction with its neighbours. `alone`: in one of its own, because it reads a whole
   * table and would have the others hold their locks meanwhile. `none`: in none, as what is built or dropped
   * concurrently has to be.
   */
  readonly transaction?: 'alone' | 'none';
  /**
   * For a step that goes through a table in batches, each in a transaction of its own: the statement for the
   * rows after a key (`sql` is the first one). It gives one row: `last`, the last key, null at the end, and `rows`, how
   * many it has written.
   */
  readonly next?: (last: string) => string;
  /** What has to be so, still, under its locks: it would destroy something otherwise. */
  readonly precondition?: Precondition;
  /** What takes it away again, where it would do harm without the steps that are to follow. */
  readonly ifLaterFails?: Step;
  /** The table that has a name from here on which it had not before, and the one that it had, if it is not new. */
  readonly names?: { readonly table: string; readonly was?: string };
  /** What it does to the catalog, so that the step after it can be planned before this one has run. */
  readonly effect: (catalog: LiveCatalog) => LiveCatalog;
}

/** That nothing is in a table, or in a column of one. */
export interface Precondition {
  /** The table, or `table.column`, as `Contents` knows it. */
  readonly subject: string;
  /** Finds a row that contradicts it. */
  readonly violation: string;
  /**
   * Nobody can write there any more: it is looked for without a lock, for as long as it takes, and where a row is
   * found the step is left out.
   */
  readonly hasNoWriters?: boolean;
}

/** What a migration will do: its steps in order, and what whoever runs it should know besides. */
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

/** Plans one thing after the other, each on the catalog as the steps before it will have left it. */
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

/** The live table that a statement builds on. */
export function existingTable({ live }: Inspection, name: string): Table {
  const table = live.tables.get(name);
  if (table) return table;
  throw new RefusedError(
    `Table ${name} does not exist in schema ${live.schema} of database ${live.database}, ` +
      'where an earlier migration should have made it. Nothing of this migration was done. ' +
      'Look with "npx sequelize-cli db:migrate:status" whether the earlier ones have run on this database.',
  );
}

/** What PostgreSQL made of something that the intents stated; missing only where this module has a bug. */
export function declared<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new Error(`${name} was stated, but PostgreSQL made nothing of it.`);
  return thing;
}

/** @throws RefusedError naming every difference, unless there is none. */
export function refuseDifferences({ live }: Inspection, differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  throw new RefusedError(
    `Database ${live.database}, schema ${live.schema}, holds what must not be guessed about:\n` +
      differences.map((difference) => `  - ${describe(difference)}\n`).join('') +
      'Nothing of this migration was done. Bring these into line by hand, or rename what stands in the way, ' +
      'and run the same command again.',
  );
}
