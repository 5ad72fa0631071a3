import { type MigrationToPlan, planMigrations, script } from '../run';
import type { Run } from '../session';
import {
  declaredChangesOf,
  findLogTable,
  logSql,
  migrationMeantBy,
  migrationNames,
  MigrationStorage,
  type Project,
  unlogSql,
} from '../sequelize-cli';
import type { Command } from './command';

const UNDO = '--undo';

/**
 * Prints the SQL that `db:migrate` would run now on the configured database, or with `--undo` that of `db:migrate:undo`, as
 * a script for psql. Changes nothing; its locks, in ACCESS SHARE mode, block neither reads nor writes. What a migration that
 * is written by hand does is not known: the script stops there.
 */
export const plan: Command = {
  parameters: `[${UNDO} [NAME]]`,
  accepts: ([option, ...names]) => option === undefined || (option === UNDO && names.length <= 1),
  async work({ project, run }, [option, name]) {
    const storage = new MigrationStorage({ sequelize: run.sequelize, reporter: run.reporter, project });
    const executed = await storage.executed();
    const changesAfter = (migration: string) => storage.changesAfter(migration);
    const changesBefore = (migration: string) => storage.changesBefore(migration);
    const printed =
      option === UNDO
        ? await undoScript(run, project, { executed, changesAfter, changesBefore, name })
        : await migrateScript(run, project, { executed, changesAfter, changesBefore });
    process.stdout.write(printed);
  },
};

interface Log {
  readonly executed: readonly string[];
  readonly changesAfter: (name: string) => MigrationToPlan['later'];
  readonly changesBefore: (name: string) => MigrationToPlan['later'];
}

async function migrateScript(
  run: Run,
  project: Project,
  { executed, changesAfter, changesBefore }: Log,
): Promise<string> {
  const pending = migrationNames(project).filter((name) => !executed.includes(name));
  if (pending.length === 0) return '-- Nothing is pending.\n';
  const planned = await planMigrations(
    run,
    pending.map((name) => ({
      name,
      direction: 'up',
      changes: declaredChangesOf(project, name, 'up'),
      later: changesAfter(name),
      earlier: changesBefore(name),
    })),
  );
  const table = await findLogTable(run.sequelize);
  const logStatements = (name: string, isFirst: boolean) =>
    logSql({ ...table, exists: table.exists || !isFirst }, name);
  return script(planned, { command: 'db:migrate', limits: run.limits, logStatements });
}

/** @param name what was typed; left out: the last migration that has run */
async function undoScript(
  run: Run,
  project: Project,
  { executed, changesAfter, changesBefore, name: typed }: Log & { readonly name: string | undefined },
): Promise<string> {
  const name = typed === undefined ? executed.at(-1) : migrationMeantBy(project, 'undo', typed);
  if (name === undefined) return '-- Nothing has run that could be undone.\n';
  if (!executed.includes(name)) return `-- ${name} has not run, or is undone already.\n`;
  const changes = declaredChangesOf(project, name, 'down');
  const planned = await planMigrations(run, [
    { name, direction: 'down', changes, later: changesAfter(name), earlier: changesBefore(name) },
  ]);
  const table = await findLogTable(run.sequelize);
  const logStatements = () => [unlogSql(table, name)];
  return script(planned, { command: 'db:migrate:undo', limits: run.limits, logStatements });
}
