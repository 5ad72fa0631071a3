import * as kit from 'sequelize-live-migrations/testing';
import type { TestDatabase } from './database';

type Work = Parameters<typeof kit.migrate>[1];

/**
 * Runs the compiled migrations on a database in this process: for the tests of what a migration does, where a process
 * for each turn would only take time.
 *
 * @param beforeStatement called before each statement that is sent, transactions' own included
 * @returns what the migrations have said
 */
export async function migrate(
  { url }: TestDatabase,
  work: Work,
  beforeStatement?: () => Promise<void>,
): Promise<string> {
  const said = jest.spyOn(console, 'log').mockImplementation();
  const warned = jest.spyOn(console, 'warn').mockImplementation(); // Sequelize, of a connection that was cut
  try {
    return await kit.migrate(url, work, beforeStatement ? { beforeStatement } : {});
  } finally {
    said.mockRestore();
    warned.mockRestore();
  }
}
