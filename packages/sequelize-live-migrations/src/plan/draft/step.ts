import type { TableLock } from '../../postgres';

/** One statement of a plan. */
export interface Step {
  /** What it does, for the output of a run: `add column pets.status`. */
  readonly purpose: string;
  readonly sql: string;
  /** The statements that do the same to the shadows, where those are others than `sql`. */
  readonly onShadows?: readonly string[];
  /** The locks that it takes on existing tables. */
  readonly locks?: readonly TableLock[];
  /** What it does is not known, nor which locks it takes: each of its statements waits for a lock only briefly. */
  readonly isUnknown?: boolean;
  /**
   * Left out: in one transaction with its neighbours. `alone`: in one of its own, because it scans a table, and the
   * locks of the others would be held meanwhile. `none`: in no transaction, as `CREATE INDEX CONCURRENTLY` and
   * `DROP INDEX CONCURRENTLY` need it.
   */
  readonly transaction?: 'alone' | 'none';
  /**
   * For a step that runs in batches, each in a transaction of its own: the statement for the batch after a key (`sql`
   * is the first batch). It returns one row: `last`, the last key, which is null at the end; `rows`, the number of rows that
   * it has written; `failure`, why it is to be rolled back, or null; and `left`, how many rows it has left, if any.
   */
  readonly next?: (last: string, rows?: number) => string;
  /** How many rows the first batch has at most, and the others where `next` is not told. */
  readonly rowsABatch?: number;
  /** What to report of the rows that its batches have left, after their number: `rows of pets stay: …`. */
  readonly left?: string;
  /** What has to be true for a step that would destroy something otherwise. */
  readonly precondition?: Precondition;
  /** The step that reverts it when a later step fails, where it would do harm without the later ones. */
  readonly ifLaterFails?: Step;
  /** The name that it gives a table, and the one that the table had before, unless it is new. */
  readonly names?: { readonly table: string; readonly was?: string };
}

/**
 * That a table has no rows, or a column no values. Nobody writes there any more, because it was renamed before: so it is
 * searched before the step takes its locks, for as long as that takes, and the step is skipped where it is not true.
 */
export interface Precondition {
  /** A query that returns a row where it is not true. */
  readonly violation: string;
  /** What to report where the step is skipped. */
  readonly otherwise: string;
}

/** What a migration will do: its steps, in order, and what else to tell whoever runs it. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly notices: readonly string[];
}

/** Whether it is not known what some of the steps do. */
export function hasUnknown(steps: readonly Step[]): boolean {
  return steps.some(({ isUnknown }) => isUnknown);
}
