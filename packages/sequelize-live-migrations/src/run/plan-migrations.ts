import type { Place, Seen } from '../catalog';
import { Draft, type MigrationRun, type Plan, planChanges, RefusedError } from '../plan';
import { serverMessageOf, sqlStateOf } from '../postgres';
import { isLockTimeout, type Run } from '../session';
import { type Change, underCurrentNames } from '../vocabulary';
import { subjectOf } from './subject';
import { withShadows } from './with-shadows';

/** A migration to plan. */
export interface MigrationToPlan extends MigrationRun {
  readonly changes: readonly Change[];
}

/** What a migration will do, and on which tables that was planned. */
export interface PlannedMigration {
  readonly name: string;
  readonly plan: Plan;
  readonly place: Place;
  readonly seen: Seen;
}

/**
 * Plans migrations one after the other without running any: each on what those before it will leave.
 *
 * @throws RefusedError where one of them conflicts with the database
 */
export function planMigrations(
  run: Run,
  migrations: readonly MigrationToPlan[],
): Promise<PlannedMigration[]> {
  const all = migrations.map(({ changes, ...migration }) => ({
    migration,
    changes: changes.map((change) => underCurrentNames(change, migration.later)),
  }));
  const subject = subjectOf(
    all.flatMap(({ changes }) => changes),
    migrations.map(({ name }) => name),
  );
  return withShadows(run, subject, async (shadows) => {
    const { place, seen } = shadows;
    const planned: PlannedMigration[] = [];
    for (const { changes, migration } of all) {
      const draft = new Draft(run.sequelize, shadows, migration);
      await planChanges(draft, changes).catch((error: unknown) => {
        draft.assertNoConflicts(); // of which the error may be a consequence
        throw explain(migration, error);
      });
      planned.push({ name: migration.name, plan: draft, place, seen });
    }
    return planned;
  });
}

/** An error of the server, with its own words first: Sequelize would put others in their place. */
function explain({ name }: MigrationRun, error: unknown): unknown {
  if (error instanceof RefusedError || sqlStateOf(error) === undefined || isLockTimeout(error)) return error;
  return new Error(
    `${serverMessageOf(error)}. PostgreSQL does not accept what ${name} declares. Nothing of this migration was done. ` +
      'Correct the migration, and run the same command again.',
    { cause: error },
  );
}
