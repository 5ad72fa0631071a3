import { Sequelize } from 'sequelize';
import { explainingDriver, messageOf, migrationLimits, optionsTakenByNpm } from '../configuration';
import type { Run } from '../session';
import { assertOneSequelize, projectDatabase, type Project, sequelizeOptions } from '../sequelize-cli';

/** What a command works with. */
export interface Context {
  readonly project: Project;
  readonly run: Run;
}

/** A command of sequelize-live-migrations, which is typed, or run by an npm script. */
export interface Command {
  /** The names of the arguments, for messages; in brackets where they may be left out. */
  readonly parameters: string;
  /** Whether arguments can be those of the command. */
  readonly accepts: (args: readonly string[]) => boolean;
  readonly work: (context: Context, args: readonly string[]) => Promise<void>;
}

/**
 * Runs a command on the configured database. An error is one line on stderr, with exit code 1. Progress is printed to
 * stderr as well, because the output of the command may be a script.
 */
export function runCommand(project: Project, command: Command, args: readonly string[]): void {
  perform(project, command, args).catch((error: unknown) => {
    console.error(`ERROR: ${messageOf(error)}`);
    process.exitCode = 1;
  });
}

async function perform(project: Project, { parameters, accepts, work }: Command, args: readonly string[]) {
  assertAllHere(parameters);
  if (!accepts(args)) {
    const expected = parameters === '' ? 'none is expected' : `expected: ${parameters}`;
    throw new Error(`Unexpected arguments (${args.join(' ') || 'none'}); ${expected}. Nothing was done.`);
  }
  assertOneSequelize(project);
  const sequelize = await open(project);
  const reporter = { line: console.error, progress: () => undefined };
  try {
    await work({ project, run: { sequelize, limits: migrationLimits(), reporter } }, args);
  } finally {
    await sequelize.close();
  }
}

/** The options that npm itself has as well, and that may be meant for npm. */
const OF_NPM = ['--yes'];

/** @throws where npm has kept an option, such as `--undo`: without it, `plan` would print a script of the other direction */
function assertAllHere(parameters: string): void {
  const known = (parameters.match(/--[\w-]+/g) ?? []).filter((option) => !OF_NPM.includes(option));
  const { options, meant } = optionsTakenByNpm(known);
  if (options.length === 0) return;
  throw new Error(
    `npm has taken ${options.join(' and ')} for a setting of its own. Nothing was done. Type -- in front of it: ${meant}`,
  );
}

async function open(project: Project): Promise<Sequelize> {
  const database = await projectDatabase(project);
  return new Sequelize(sequelizeOptions(database, explainingDriver(database.source, { needs: 'writes' })));
}
