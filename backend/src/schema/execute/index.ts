import type { Inspection } from '../inspect';
import type { Plan, Step } from '../plan';
import type { RecordChange } from '../runner';
import type { Run } from '../transaction';
import { runBatches } from './batches';
import { runConcurrently } from './concurrently';
import { runTransaction } from './in-transaction';

export interface Execution {
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly inspection: Inspection;
  /** How to write the migration's record. */
  readonly record: () => Promise<RecordChange>;
}

/** Steps that run together, and where they stand. */
export interface Group {
  readonly steps: readonly Step[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** What is true of the migration when these fail. */
  readonly left: string;
}

/**
 * Runs a plan. Neighbouring steps share a transaction; those that go through a whole table stand alone. The
 * record of the migration is written in the last transaction, so it is there when the whole plan is done.
 *
 * @throws StalePlanError where the database is not any more what the plan was made from
 * @throws the server's error for a step, with what the step was for and what was left as it was.
 */
export async function execute(run: Run, execution: Execution): Promise<void> {
  const { plan, inspection } = execution;
  const cleanUps = new Map<string, Step>();
  for (const group of groupsOf(plan.steps)) {
    const [first] = group.steps;
    try {
      if (first?.next) await runBatches(run, inspection, group, first, first.next);
      else if (first?.transaction === 'none') await runConcurrently(run, inspection, group, first);
      else await runTransaction(run, execution, group);
    } catch (error) {
      await cleanUp(run, execution, [...cleanUps.values()]);
      throw error;
    }
    for (const { ifLaterFails, sql } of group.steps) {
      if (ifLaterFails) cleanUps.set(ifLaterFails.sql, ifLaterFails);
      cleanUps.delete(sql);
    }
  }
  plan.notices.forEach((notice) => run.reporter.line(notice));
}

/** Takes away what would be in somebody's way if nothing came after it; the failure itself is what counts. */
async function cleanUp(run: Run, execution: Execution, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  const group = { steps, isFirst: false, isLast: false, left: WHAT_WAS_DONE };
  await runTransaction(run, execution, group).catch((error: unknown) => run.reporter.line(String(error)));
}

/** The steps by transaction. The last one may be empty: it is there for the record. */
export function groupsOf(steps: readonly Step[]): Group[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && isShared(step) && last.every(isShared)) last.push(step);
    else groups.push([step]);
  }
  if (!groups.at(-1)?.every(({ next, transaction }) => !next && transaction !== 'none')) groups.push([]);
  return groups.map((group, n) => ({
    steps: group,
    isFirst: n === 0,
    isLast: n === groups.length - 1,
    left: n === 0 ? 'Nothing of this migration was done.' : WHAT_WAS_DONE,
  }));
}

function isShared({ transaction, next }: Step): boolean {
  return transaction === undefined && next === undefined;
}

const WHAT_WAS_DONE =
  'The steps before it are done and do no harm; what is left is done by the same command once the reason is gone.';
