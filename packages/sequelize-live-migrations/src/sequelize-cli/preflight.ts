import path from 'node:path';
import { useTypedUrl } from '../configuration';
import { changesLog, rememberCommand } from './command';
import { assertNothingElse, type CommandLine, correct, parse } from './command-line';
import { UsageError } from './errors';
import { assertFolder, assertOnlyMigrations, FIRST_MIGRATION, migrationNames } from './migrations-folder';
import { assertOneSequelize } from './one-sequelize';
import { useProject, type Project } from './project';
import { endWithParent, runAgainWith } from './rerun';
import { withTypedPaths } from './typed-paths';
import { useMigrationOptions } from './umzug';
import { failWithoutResult } from './without-result';

/**
 * Does what a command that writes files is to do, in place of sequelize-cli. No other command needs to load this.
 *
 * @returns whether the command is such a one, and is done
 */
export type Generate = (project: Project, line: CommandLine) => boolean;

/**
 * Checks and corrects a sequelize-cli command before sequelize-cli parses it. Called by `.sequelizerc`, because
 * sequelize-cli requires that file before it parses its arguments, and nothing else of a project.
 *
 * @param described the project that the `.sequelizerc` describes
 * @param loadGenerate called where the command may be one that writes files
 * @param args the command line, without node and script
 */
export function preflight(
  described: Project,
  loadGenerate: () => Generate,
  args: readonly string[] = process.argv.slice(2),
): void {
  try {
    endWithParent();
    const line = parse(args);
    const project = withTypedPaths(described, line);
    useProject(project);
    // sequelize-cli's own --env chooses a key of the config file; this package has a configuration for each NODE_ENV.
    if (line.environment) process.env['NODE_ENV'] = line.environment;
    if (line.url) useTypedUrl(line.url);
    if (GENERATES.test(line.name) && loadGenerate()(project, line)) process.exit(0);
    assertFolders(line, project);
    assertOneSequelize(project);
    assertNothingElse(line);
    const { command, corrected } = correct(line, project);
    rememberCommand(command);
    if (corrected.join('\0') !== args.join('\0')) runAgainWith(corrected);
    if (/^db:migrate(:|$)/.test(command.name)) useMigrationOptions(project);
    if (changesLog(command)) {
      assertOnlyMigrations(project);
      failWithoutResult();
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`ERROR: ${error.message}`);
    process.exit(1);
  }
}

const GENERATES = /^init\b|:(generate|create)$/;

/** @throws UsageError where the folder with what the command runs is not there, or the command names nothing in it */
function assertFolders({ name, options }: CommandLine, { migrations, seeders }: Project): void {
  if (/^db:migrate(:|$)/.test(name)) assertFolder(migrations, FIRST_MIGRATION);
  if (!/^db:seed(:|$)/.test(name)) return;
  assertFolder(seeders ?? DEFAULT_SEEDERS, 'seed:generate --name …');
  const { compiled } = seeders ?? DEFAULT_SEEDERS;
  const typed = options.filter((option) => option.name === 'seed').map(({ value = '' }) => value);
  if (name === 'db:seed' && !typed.some((value) => value)) {
    throw new UsageError(
      'db:seed needs the name of a seeder: --seed NAME; db:seed:all runs all of them. Nothing was changed.',
    );
  }
  // umzug takes the beginning of a name as well, and calls it a migration where there is none.
  const names = migrationNames({ migrations: { sources: compiled, compiled } });
  const missing = typed.find((value) => !names.some((file) => file.startsWith(value)));
  if (missing === undefined) return;
  throw new UsageError(
    `There is no seeder ${missing} in this checkout. Nothing was changed. There are:\n${names.map((file) => `  ${file}`).join('\n')}`,
  );
}

/** Where sequelize-cli looks for seeders, unless it is told. */
const DEFAULT_SEEDERS = { sources: path.resolve('seeders'), compiled: path.resolve('seeders') };
