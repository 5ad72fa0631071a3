import { Sequelize } from 'sequelize';
import Umzug from 'umzug';
import { loadProject, migrationOptions, MigrationStorage } from '../sequelize-cli';
import { beforeMessages } from './before-messages';
import { currentTestRun } from './environment';

export interface MigrateOptions {
  /** Called before each message that is sent to the server. */
  readonly beforeStatement?: () => Promise<void>;
  /** The folder of the project whose migrations are run. Left out: that of the test run. */
  readonly root?: string;
}

/**
 * Runs the project's migrations on a database with the storage of sequelize-cli, but in this process: for the tests of
 * what a migration does, for which starting a process each time would only take time.
 *
 * @param work takes umzug, which has the migrations by their names in the migration log
 * @returns what the migrations have reported
 */
export async function migrate(
  url: string,
  work: (umzug: Umzug.Umzug) => Promise<unknown>,
  { beforeStatement, root = currentTestRun().root }: MigrateOptions = {},
): Promise<string> {
  const project = loadProject(root);
  const sequelize = new Sequelize(url, { logging: false });
  if (beforeStatement) beforeMessages(sequelize, beforeStatement);
  const lines: string[] = [];
  const reporter = { line: (text: string) => lines.push(text), progress: () => undefined };
  try {
    const storage = new MigrationStorage({ sequelize, reporter, project });
    const options = {
      storage,
      migrations: {
        path: project.migrations.compiled,
        params: [sequelize.getQueryInterface(), Sequelize],
        ...migrationOptions(project, storage),
      },
    };
    await work(new Umzug(options));
    return lines.join('\n');
  } finally {
    await sequelize.close();
  }
}
