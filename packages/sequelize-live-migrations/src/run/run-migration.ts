import type { QueryInterface } from 'sequelize';
import { runnerOf } from '../session';
import { execute } from './execute/execute';
import type { MigrationToPlan } from './migration-to-plan';
import { planMigrations } from './plan-migrations';
import { TablesChangedError } from './tables-changed-error';

/** How often a plan may be made again because another session has changed the tables. */
const MOST_PLANS = 5;

/**
 * Plans and executes, and does so again where another session changes the tables in between.
 *
 * @param declared what was declared. Where that is not what the file of the migration exports, a hand-written `up` calls
 * it, and may go on afterwards: then the storage writes the log, when that has ended.
 */
export async function runMigration(
  { sequelize }: QueryInterface,
  migration: Omit<MigrationToPlan, 'later' | 'earlier'>,
  declared: (queryInterface: QueryInterface) => Promise<void>,
): Promise<void> {
  const { log, limits, reporter } = runnerOf(sequelize);
  const run = { sequelize, limits, reporter };
  const { name, direction } = migration;
  const isWhole = log?.exports(name, direction, declared) === true;
  const later = log?.changesAfter(name) ?? [];
  const known = log ? { earlier: log.changesBefore(name) } : {};
  const logChange = async () => (isWhole ? log.logChange(name, direction) : { statements: [] });
  const fingerprints: string[] = [];
  while (fingerprints.length < MOST_PLANS) {
    const [planned] = await planMigrations(run, [{ ...migration, later, ...known }]);
    if (!planned) return;
    try {
      await execute(run, { ...planned, logChange });
      return;
    } catch (error) {
      if (!(error instanceof TablesChangedError)) throw error;
      // The same failure again, though nothing has changed in between: another session is not the cause of it.
      if (fingerprints.at(-1) === planned.seen.fingerprint) throw error.failure;
      fingerprints.push(planned.seen.fingerprint);
    }
  }
  throw new Error(
    `Another session keeps changing the tables of database ${sequelize.getDatabaseName()}. Nothing of this migration ` +
      'was done. Run the same command again when the applications have started.',
  );
}
