import path from 'node:path';
import { useTypedUrl } from '../configuration';
import { changesLog, rememberCommand } from './command';
import { type CommandLine, correct, parse } from './command-line';
import { UsageError } from './errors';
import { generateFromModels, isFromModels } from './from-models';
import { generate } from './generate';
import { generateModel } from './generate-model';
import { init } from './init';
import { assertFolder, assertOnlyMigrations } from './migrations-folder';
import { assertOneSequelize } from './one-sequelize';
import { useProject, type Project } from './project';
import { endWithParent, runAgainWith } from './rerun';
import { withTypedPaths } from './typed-paths';
import { useMigrationOptions } from './umzug';
import { failWithoutResult } from './without-result';

/**
 * Checks and corrects a sequelize-cli command before sequelize-cli parses it. Called by `.sequelizerc`, because
 * sequelize-cli requires that file before it parses its arguments, and nothing else of a project.
 *
 * @param described the project that the `.sequelizerc` describes
 * @param args the command line, without node and script
 */
export function preflight(described: Project, args: readonly string[] = process.argv.slice(2)): void {
  try {
    endWithParent();
    const line = parse(args);
    const project = withTypedPaths(described, line);
    useProject(project);
    // sequelize-cli's own --env chooses a key of the config file; this package has a configuration for each NODE_ENV.
    if (line.environment) process.env['NODE_ENV'] = line.environment;
    if (line.url) useTypedUrl(line.url);
    if (init(project, line) || generateModel(project, line)) process.exit(0);
    assertFolders(line, project);
    assertOneSequelize(project);
    const { command, corrected } = correct(line, project);
    rememberCommand(command);
    if (isFromModels(project, line)) generateFromModels(project, line);
    if (generate(project, line.name, line.options.find(({ name }) => name === 'name')?.value))
      process.exit(0);
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

/** @throws UsageError where the folder with what the command runs is not there, or the command names nothing in it */
function assertFolders({ name, options }: CommandLine, { migrations, seeders }: Project): void {
  if (/^db:migrate(:|$)/.test(name)) assertFolder(migrations, 'migration:generate --name create-…');
  if (!/^db:seed(:|$)/.test(name)) return;
  assertFolder(seeders ?? DEFAULT_SEEDERS, 'seed:generate --name …');
  if (name === 'db:seed' && !options.find((option) => option.name === 'seed')?.value) {
    throw new UsageError(
      'db:seed needs the name of a seeder: --seed NAME; db:seed:all runs all of them. Nothing was changed.',
    );
  }
}

/** Where sequelize-cli looks for seeders, unless it is told. */
const DEFAULT_SEEDERS = { sources: path.resolve('seeders'), compiled: path.resolve('seeders') };
