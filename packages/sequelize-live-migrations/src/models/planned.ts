import { RefusedError, type Step } from '../plan';
import { planOrRefusal, subjectOf } from '../run';
import type { Run } from '../session';
import { type Change, tablesCreatedBy } from '../vocabulary';
import type { Proposal } from './call';
import { changesWithAnyValue } from './open-values';

/** What is proposed, and the steps of its plan on tables with rows. */
interface Planned {
  readonly proposals: readonly Proposal[];
  readonly steps: readonly Step[];
}

/**
 * Plans what is proposed as for tables with rows. What would be refused there, such as a type that would have all rows
 * written, is not proposed any more, but said with the planner's reason.
 *
 * @param earlier what the migrations before declare
 */
export async function plannedFor(
  run: Run,
  proposals: readonly Proposal[],
  earlier: readonly Change[],
): Promise<Planned> {
  // A first migration is refused nothing, and takes no lock that somebody could wait for.
  if (proposals.every(isOfNewTables(proposals))) return { proposals, steps: [] };
  const all = await stepsOf(run, proposals, earlier);
  if (!(all instanceof RefusedError)) return { proposals, steps: all };
  const possible: Proposal[] = [];
  const planned: Proposal[] = [];
  let steps: readonly Step[] = [];
  for (const proposal of proposals) {
    const found = await stepsOf(run, [...possible, proposal], earlier);
    if (found instanceof RefusedError) {
      planned.push(refused(proposal, found));
      continue;
    }
    steps = found;
    possible.push(proposal);
    planned.push(proposal);
  }
  return { proposals: planned, steps };
}

/** Whether a proposal is about tables that are created, and refers to no other. */
function isOfNewTables(proposals: readonly Proposal[]): (proposal: Proposal) => boolean {
  const created = tablesCreatedBy(changesIn(proposals));
  return ({ up }) => {
    const subject = subjectOf(changesWithAnyValue(up));
    return up.length > 0 && [...subject.tables, ...subject.parents].every((table) => created.includes(table));
  };
}

function changesIn(proposals: readonly Proposal[]): readonly Change[] {
  return changesWithAnyValue(proposals.flatMap(({ up }) => up));
}

/** The steps of a plan, or the error where it is refused. */
async function stepsOf(
  run: Run,
  proposals: readonly Proposal[],
  earlier: readonly Change[],
): Promise<readonly Step[] | RefusedError> {
  const migration = {
    name: 'the migration',
    direction: 'up',
    changes: changesIn(proposals),
    later: [],
    earlier,
    assumesRows: true,
  } as const;
  const planned = await planOrRefusal(run, [migration]);
  return planned instanceof RefusedError ? planned : (planned[0]?.plan.steps ?? []);
}

function refused({ up, notes, instead = [] }: Proposal, { message }: RefusedError): Proposal {
  const reasons = message
    .split('\n')
    .filter((line) => line.startsWith('  - '))
    .map((line) => line.slice('  - '.length));
  const why = reasons.length > 0 ? reasons : [message];
  return {
    up: [],
    notes: [...notes, ...why.map((reason) => `NOT WRITTEN, because it would be refused. ${reason}`)],
    instead: [...instead, ...up],
  };
}
