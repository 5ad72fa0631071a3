import type { Step } from '../../plan';
import type { LogChange } from '../../session';
import { NOTHING_DONE, WHAT_WAS_DONE } from '../outcomes';
import type { PlannedMigration } from '../plan-migrations';

export interface Execution extends Pick<PlannedMigration, 'plan' | 'place' | 'seen'> {
  /** To be said before anything is done. */
  readonly warnings?: readonly string[];
  /** How to write the migration log. */
  readonly logChange: () => Promise<LogChange>;
  /** What is true where the first step fails; left out: `Nothing of this migration was done.` */
  readonly nothingDone?: string;
}

/** Steps that run together, and their place among the groups. */
export interface Group {
  readonly steps: readonly Step[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** What is true of the migration when these steps fail. */
  readonly outcome: string;
}

/** The steps by transaction. The last group may be empty: its transaction only writes the migration log. */
export function groupsOf(steps: readonly Step[], nothingDone = NOTHING_DONE): Group[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && isShared(step) && last.every(isShared)) last.push(step);
    else groups.push([step]);
  }
  const lastIsTransaction = groups.at(-1)?.every(({ next, transaction }) => !next && transaction !== 'none');
  if (!lastIsTransaction) groups.push([]);
  return groups.map((group, n) => ({
    steps: group,
    isFirst: n === 0,
    isLast: n === groups.length - 1,
    outcome: n === 0 ? nothingDone : WHAT_WAS_DONE,
  }));
}

function isShared({ transaction, next }: Step): boolean {
  return transaction === undefined && next === undefined;
}
