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
import { plainLines } from './run-plain';

const UNDO = '--undo';
const RUN_PLAIN = '--run-plain';

/**
 * Prints the SQL that `db:migrate` would run now on the configured database, or with `--undo` that of `db:migrate:undo`, as
 * a script for psql. Changes nothing; its locks, in ACCESS SHARE mode, block neither reads nor writes. What a migration that
 * is written by hand does is not known: the script says of it what it can, and stops there. With `--run-plain`, it is run
 * in a transaction that is rolled back, and what it sends is printed.
 */
export const plan: Command = {
  parameters: `[${UNDO} [NAME]] [${RUN_PLAIN}]`,
  accepts: (args) => {
    const [option, ...names] = args.filter((arg) => arg !== RUN_PLAIN);
    const isOnce = args.filter((arg) => arg === RUN_PLAIN).length <= 1;
    return isOnce && (option === undefined || (option === UNDO && names.length <= 1));
  },
  async work({ project, run }, args) {
    const [option, name] = args.filter((arg) => arg !== RUN_PLAIN);
    const storage = new MigrationStorage({ sequelize: run.sequelize, reporter: run.reporter, project });
    const log = { executed: await storage.executed(), storage, isPlainRun: args.includes(RUN_PLAIN) };
    const printed =
      option === UNDO ? await undoScript(run, project, log, name) : await migrateScript(run, project, log);
    process.stdout.write(printed);
  },
};

interface Log {
  readonly executed: readonly string[];
  readonly storage: InstanceType<typeof MigrationStorage>;
  /** Whether plain migrations are run, and rolled back. */
  readonly isPlainRun: boolean;
}

async function migrateScript(run: Run, project: Project, log: Log): Promise<string> {
  const { executed, storage } = log;
  const pending = migrationNames(project).filter((name) => !executed.includes(name));
  if (pending.length === 0) return '-- Nothing is pending.\n';
  const migrations = pending.map((name) => toPlan(project, storage, name, 'up'));
  const planned = await planMigrations(run, migrations);
  const table = await findLogTable(run.sequelize);
  const logStatements = (name: string, isFirst: boolean) =>
    logSql({ ...table, exists: table.exists || !isFirst }, name);
  return script(planned, {
    command: 'db:migrate',
    limits: run.limits,
    isSynchronous: replicationOf(run.sequelize).isSynchronous,
    logStatements,
    descriptionOf: await describing(run, project, migrations, log),
  });
}

/** @param typed the name that was typed; left out: the last migration that has run */
async function undoScript(run: Run, project: Project, log: Log, typed: string | undefined): Promise<string> {
  const { executed, storage } = log;
  const name = typed === undefined ? executed.at(-1) : migrationMeantBy(project, 'undo', typed);
  if (name === undefined) return '-- Nothing has run that could be undone.\n';
  if (!executed.includes(name)) return `-- ${name} has not run, or is undone already.\n`;
  const migrations = [toPlan(project, storage, name, 'down')];
  const planned = await planMigrations(run, migrations);
  const table = await findLogTable(run.sequelize);
  const logStatements = () => [unlogSql(table, name)];
  return script(planned, {
    command: 'db:migrate:undo',
    limits: run.limits,
    isSynchronous: replicationOf(run.sequelize).isSynchronous,
    logStatements,
    descriptionOf: await describing(run, project, migrations, log),
  });
}

/** What is said of plain migrations: what is known before they run, and what they do if they are run. */
async function describing(
  run: Run,
  project: Project,
  migrations: readonly MigrationToPlan[],
  { isPlainRun }: Log,
): Promise<(name: string) => readonly string[]> {
  const linesOf = await plainLines({ project, run }, migrations, isPlainRun);
  const directions = new Map(migrations.map(({ name, direction }) => [name, direction]));
  return (name) => [...descriptionOf(project, name, directions.get(name) ?? 'up'), ...linesOf(name)];
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
