import { type MigrationToPlan, planMigrations, script } from '../run';
import { replicationOf, type Run } from '../session';
import {
  declaredChangesOf,
  descriptionOf,
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
 * is written by hand does is not known: the script says of it what it can, and stops there.
 */
export const plan: Command = {
  parameters: `[${UNDO} [NAME]]`,
  accepts: ([option, ...names]) => option === undefined || (option === UNDO && names.length <= 1),
  async work({ project, run }, [option, name]) {
    const storage = new MigrationStorage({ sequelize: run.sequelize, reporter: run.reporter, project });
    const log = { executed: await storage.executed(), storage };
    const printed =
      option === UNDO ? await undoScript(run, project, log, name) : await migrateScript(run, project, log);
    process.stdout.write(printed);
  },
};

interface Log {
  readonly executed: readonly string[];
  readonly storage: InstanceType<typeof MigrationStorage>;
}

async function migrateScript(run: Run, project: Project, { executed, storage }: Log): Promise<string> {
  const pending = migrationNames(project).filter((name) => !executed.includes(name));
  if (pending.length === 0) return '-- Nothing is pending.\n';
  const planned = await planMigrations(
    run,
    pending.map((name) => toPlan(project, storage, name, 'up')),
  );
  const table = await findLogTable(run.sequelize);
  const logStatements = (name: string, isFirst: boolean) =>
    logSql({ ...table, exists: table.exists || !isFirst }, name);
  return script(planned, {
    command: 'db:migrate',
    limits: run.limits,
    isSynchronous: replicationOf(run.sequelize).isSynchronous,
    logStatements,
    descriptionOf: (name) => descriptionOf(project, name, 'up'),
  });
}

/** @param typed the name that was typed; left out: the last migration that has run */
async function undoScript(
  run: Run,
  project: Project,
  { executed, storage }: Log,
  typed: string | undefined,
): Promise<string> {
  const name = typed === undefined ? executed.at(-1) : migrationMeantBy(project, 'undo', typed);
  if (name === undefined) return '-- Nothing has run that could be undone.\n';
  if (!executed.includes(name)) return `-- ${name} has not run, or is undone already.\n`;
  const planned = await planMigrations(run, [toPlan(project, storage, name, 'down')]);
  const table = await findLogTable(run.sequelize);
  const logStatements = () => [unlogSql(table, name)];
  return script(planned, {
    command: 'db:migrate:undo',
    limits: run.limits,
    isSynchronous: replicationOf(run.sequelize).isSynchronous,
    logStatements,
    descriptionOf: () => descriptionOf(project, name, 'down'),
  });
}

function toPlan(
  project: Project,
  storage: Log['storage'],
  name: string,
  direction: 'up' | 'down',
): MigrationToPlan {
  return {
    name,
    direction,
    changes: declaredChangesOf(project, name, direction),
    later: storage.changesAfter(name),
    earlier: storage.changesBefore(name),
  };
}
