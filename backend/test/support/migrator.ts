import * as kit from 'sequelize-live-migrations/testing';
import { ROOT } from './build';
import type { TestDatabase } from './database';

interface Options {
  /** Called before each statement that is sent, transactions' own included. */
  readonly beforeStatement?: (() => Promise<void>) | undefined;
  /** The folder of the project whose migrations are run. */
  readonly root?: string;
}

/**
 * Runs a project's migrations on a database in this process: for the tests of what a migration does, where a process
 * for each turn would only take time.
 *
 * @returns what the migrations have said
 */
export async function migrate(
  { url }: TestDatabase,
  work: Parameters<typeof kit.migrate>[1],
  { beforeStatement, root = ROOT }: Options = {},
): Promise<string> {
  const said = jest.spyOn(console, 'log').mockImplementation();
  const warned = jest.spyOn(console, 'warn').mockImplementation(); // Sequelize, of a connection that was cut
  try {
    return await kit.migrate(url, work, { root, ...(beforeStatement ? { beforeStatement } : {}) });
  } finally {
    said.mockRestore();
    warned.mockRestore();
  }
}
