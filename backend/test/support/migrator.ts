import type * as kit from 'sequelize-live-migrations/testing';
import { migrateQuietly } from '../../../packages/sequelize-live-migrations/test/support/migrator';
import type { TestDatabase } from './database';

/**
 * Runs the migrations of this project on a database in this process.
 *
 * @returns what the migrations have said
 */
export function migrate(
  database: Pick<TestDatabase, 'url'>,
  work: Parameters<typeof kit.migrate>[1],
  options: kit.MigrateOptions = {},
): Promise<string> {
  return migrateQuietly(database, work, options);
}
