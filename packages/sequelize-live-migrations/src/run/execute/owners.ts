import { SQLSTATE, type TableLockMode } from '../../postgres';
import { describeForeign, relationsOf, type Run } from '../../session';
import { failureOf } from './failure';
import type { Execution, Group } from './groups';
import { locksOf } from './locks';

/** What only the owner of a table does takes these. The parent of a foreign key is locked in SHARE ROW EXCLUSIVE mode. */
const OF_OWNERS: readonly TableLockMode[] = ['SHARE UPDATE EXCLUSIVE', 'SHARE', 'ACCESS EXCLUSIVE'];

/**
 * Asks before the first step whether the session may take all of them: otherwise those before the one that fails would be
 * done.
 *
 * @throws as that step would, with whose the table is
 */
export async function assertOwner(
  run: Run,
  { plan, place }: Execution,
  { steps, outcome }: Group,
): Promise<void> {
  const locks = locksOf(plan.steps).filter(({ mode }) => OF_OWNERS.includes(mode));
  if (locks.length === 0) return;
  const foreign = await describeForeign(run.sequelize, relationsOf(locks, place.schema));
  if (foreign === undefined) return;
  const refusal = {
    code: SQLSTATE.insufficientPrivilege,
    message: `must be owner of each table. ${foreign}`,
  };
  throw failureOf(place, steps, outcome, refusal);
}
