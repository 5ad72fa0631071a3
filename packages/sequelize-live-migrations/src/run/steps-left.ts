import { RefusedError, type Step } from '../plan';
import type { Run } from '../session';
import { isRowChange } from '../vocabulary';
import type { MigrationToPlan } from './migration-to-plan';
import { type PlannedMigration, planOrRefusal } from './plan-migrations';

/**
 * What migrations that have run would do again, a line for each step, or why they would be refused: nothing, unless
 * somebody has changed since what they have made. What only runs SQL or writes rows does not count: rows are the application's.
 */
export async function stepsLeft(run: Run, executed: readonly MigrationToPlan[]): Promise<string[]> {
  const declared = executed.flatMap(({ changes, ...migration }) =>
    changes ? [{ ...migration, changes: changes.filter((change) => !isRowChange(change)) }] : [],
  );
  if (declared.length === 0) return [];
  const planned = await planOrRefusal(run, declared);
  if (!(planned instanceof RefusedError)) return planned.flatMap(linesOf);
  const lines: string[] = [];
  for (const migration of declared) {
    const alone = await planOrRefusal(run, [migration]);
    if (alone instanceof RefusedError)
      lines.push(`${migration.name} has run, and would now be refused. ${alone.message}`);
    else lines.push(...alone.flatMap(linesOf));
  }
  return lines;
}

function linesOf({ name, plan }: PlannedMigration): string[] {
  const steps = plan.steps.filter(isOfCatalog);
  return steps.map(({ purpose }) => `${name} has run, and would now ${purpose}`);
}

function isOfCatalog({ isUnknown, next }: Step): boolean {
  return isUnknown !== true && next === undefined;
}
