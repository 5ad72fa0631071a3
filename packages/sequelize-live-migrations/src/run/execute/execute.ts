import type { Step } from '../../plan';
import type { Run } from '../../session';
import { WHAT_WAS_DONE } from '../outcomes';
import { runBatches } from './batches';
import { runConcurrently } from './concurrently';
import { type Execution, groupsOf } from './groups';
import { runTransaction } from './in-transaction';
import { assertOwner } from './owners';

/**
 * Runs a plan. Neighbouring steps share a transaction; a step that scans a whole table has its own. The migration log is
 * written in the last transaction, so that the migration is logged when the whole plan is done.
 *
 * @throws TablesChangedError where the tables are not those any more that the plan was made for
 * @throws the server's error for a step, with what the step was for and what was left as it was
 */
export async function execute(run: Run, execution: Execution): Promise<void> {
  const { plan, place, nothingDone } = execution;
  const cleanUps = new Map<string, Step>();
  const groups = groupsOf(plan.steps, nothingDone);
  if (groups[0]) await assertOwner(run, execution, groups[0]);
  execution.warnings?.forEach((warning) => run.reporter.line(warning));
  for (const group of groups) {
    const [first] = group.steps;
    try {
      if (first?.next) await runBatches(run, place, group, first, first.next);
      else if (first?.transaction === 'none') await runConcurrently(run, place, group, first);
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

/** Reverts the steps that would do harm without the later ones. An error of this is only reported. */
async function cleanUp(run: Run, execution: Execution, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  const group = { steps, isFirst: false, isLast: false, outcome: WHAT_WAS_DONE };
  await runTransaction(run, execution, group).catch((error: unknown) => run.reporter.line(String(error)));
}
