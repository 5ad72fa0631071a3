import { Sequelize, type Options } from 'sequelize';
import { migrationNames } from './migrations-folder';
import type { Project } from './project';
import MigrationStorage from './storage';

/**
 * Warns, before a seeder runs, of migrations that have not: of a missing table the server only says its name. It is no
 * error, because a seeder may not need them.
 *
 * @param options for a connection of its own, since sequelize-cli has none yet
 */
export async function warnOfPending(project: Project, options: Options): Promise<void> {
  const sequelize = new Sequelize(options);
  try {
    const executed = await new MigrationStorage({ sequelize, project }).executed();
    const pending = migrationNames(project).filter((name) => !executed.includes(name));
    if (pending.length === 0) return;
    console.warn(
      `WARNING: On database ${sequelize.getDatabaseName()} these migrations have not run: ${pending.join(', ')}. A ` +
        'seeder that needs their tables fails: then type npx sequelize-cli db:migrate, and the same command again.',
    );
  } finally {
    await sequelize.close();
  }
}
