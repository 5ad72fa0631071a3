import type { Inspection } from '../../catalog';
import type { Plan, Step } from '../../plan';
import type { LogChange } from '../runner';

export interface Execution {
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly inspection: Inspection;
  /** How to write the migration's record. */
  readonly record: () => Promise<LogChange>;
}

/** Steps that run together, and where they stand. */
export interface Group {
  readonly steps: readonly Step[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** What is true of the migration when these fail. */
  readonly outcome: string;
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
    outcome: n === 0 ? 'Nothing of this migration was done.' : WHAT_WAS_DONE,
  }));
}

function isShared({ transaction, next }: Step): boolean {
  return transaction === undefined && next === undefined;
}

export const WHAT_WAS_DONE =
  'The steps before it are done and do no harm; what is left is done by the same command once the reason is gone.';
