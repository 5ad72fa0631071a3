import { RefusedError } from '../plan';
import { planMigrations, script } from '../run';
import { replicationOf } from '../session';
import {
  assertMigrations,
  changeLogSql,
  descriptionOf,
  findLogTable,
  migrationMeantBy,
  migrationNames,
  MigrationStorage,
  type Project,
} from '../sequelize-cli';
import type { Command, Context } from './command';
import { migrationToPlan } from './migration-to-plan';
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
  async work(context, args) {
    const { project, run } = context;
    assertMigrations(project);
    const [option, name] = args.filter((arg) => arg !== RUN_PLAIN);
    const storage = new MigrationStorage({ sequelize: run.sequelize, reporter: run.reporter, project });
    const executed = await storage.executed();
    const chosen = option === UNDO ? toUndo(project, executed, name) : toMigrate(project, executed);
    const text =
      'nothing' in chosen
        ? `-- ${chosen.nothing}\n`
        : await scriptOf(context, storage, chosen, args.includes(RUN_PLAIN));
    process.stdout.write(text);
  },
};

/** The migrations that a command would run, or why it would run none. */
type Chosen =
  { readonly direction: 'up' | 'down'; readonly names: readonly string[] } | { readonly nothing: string };

function toMigrate(project: Project, executed: readonly string[]): Chosen {
  const names = migrationNames(project).filter((name) => !executed.includes(name));
  return names.length === 0 ? { nothing: 'Nothing is pending.' } : { direction: 'up', names };
}

/** @param typed the name that was typed; left out: the last migration that has run */
function toUndo(project: Project, executed: readonly string[], typed: string | undefined): Chosen {
  const name = typed === undefined ? executed.at(-1) : migrationMeantBy(project, 'undo', typed);
  if (name === undefined) return { nothing: 'Nothing has run that could be undone.' };
  if (!executed.includes(name)) return { nothing: `${name} has not run, or is undone already.` };
  return { direction: 'down', names: [name] };
}

/** @param isPlainRun whether plain migrations are run, and rolled back */
async function scriptOf(
  context: Context,
  storage: InstanceType<typeof MigrationStorage>,
  { direction, names }: Exclude<Chosen, { nothing: string }>,
  isPlainRun: boolean,
): Promise<string> {
  const { project, run } = context;
  const migrations = names.map((name) => migrationToPlan(project, storage, name, direction));
  const planned = await planMigrations(run, migrations).catch((error: unknown) => {
    throw error instanceof RefusedError && error.migration !== undefined
      ? new Error(`In ${error.migration}: ${error.message}`)
      : error;
  });
  const table = await findLogTable(run.sequelize);
  // What is known of plain migrations before they run, and what they do if they are run.
  const plainLinesOf = await plainLines(context, migrations, isPlainRun);
  return script(planned, {
    command: direction === 'up' ? 'db:migrate' : 'db:migrate:undo',
    limits: run.limits,
    isSynchronous: replicationOf(run.sequelize).isSynchronous,
    logStatements: (name, isFirst) =>
      changeLogSql({ ...table, exists: table.exists || !isFirst }, name, direction),
    descriptionOf: (name) => [...descriptionOf(project, name, direction), ...plainLinesOf(name)],
  });
}
