import { changesLog, rememberCommand } from './command';
import { correct, parse } from './command-line';
import { UsageError } from './errors';
import { assertOnlyMigrations } from './migrations-folder';
import { generate } from './generate';
import { useProject, type Project } from './project';
import { endWithParent, runAgainWith } from './rerun';

/**
 * Checks and corrects a sequelize-cli command before sequelize-cli parses it. Called by `.sequelizerc`, because
 * sequelize-cli requires that file before it parses its arguments, and nothing else of a project.
 *
 * @param project the project that the `.sequelizerc` describes
 * @param args the command line, without node and script
 */
export function preflight(project: Project, args: readonly string[] = process.argv.slice(2)): void {
  useProject(project);
  try {
    endWithParent();
    const line = parse(args);
    // sequelize-cli's own --env chooses a key of the config file; this package has a configuration for each NODE_ENV.
    if (line.environment) process.env['NODE_ENV'] = line.environment;
    // Through the configuration, like DATABASE_URL: so it is parsed in the same way, and its password is not printed.
    if (line.url) process.env['DATABASE_URL'] = line.url;
    const { command, corrected } = correct(line, project);
    rememberCommand(command);
    if (generate(project, line.name, line.options.find(({ name }) => name === 'name')?.value))
      process.exit(0);
    if (corrected.join('\0') !== args.join('\0')) runAgainWith(corrected);
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

/** sequelize-cli ends with `process.exit`. Where the process just ends, a promise was never settled: no success. */
function failWithoutResult(): void {
  process.once('beforeExit', () => {
    console.error(
      'ERROR: The command stopped in the middle, because a migration has returned a promise that never settles. ' +
        'What it had in an open transaction was rolled back. See "npx sequelize-cli db:migrate:status".',
    );
    process.exit(1);
  });
}
