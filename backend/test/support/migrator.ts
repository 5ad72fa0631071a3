import type * as kit from 'sequelize-live-migrations/testing';
import { migrateQuietly } from '../../../packages/sequelize-live-migrations/test/support/migrator';
import type { TestDatabase } from './database';

/**
 * Runs the migrations of this project on a database in this process.
 *
 * @param beforeStatement called before each statement that is sent, transactions' own included
 * @returns what the migrations have said
 */
export function migrate(
  database: Pick<TestDatabase, 'url'>,
  work: Parameters<typeof kit.migrate>[1],
  beforeStatement?: () => Promise<void>,
): Promise<string> {
  return migrateQuietly(database, work, beforeStatement ? { beforeStatement } : {});
}
