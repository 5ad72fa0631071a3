import * as kit from 'sequelize-live-migrations/testing';
import type { TestDatabase } from './database';
import { FIXTURE } from './fixture-project';

type Work = Parameters<typeof kit.migrate>[1];

/**
 * Runs the compiled migrations on a database in this process: for the tests of what a migration does, where a process
 * for each turn would only take time.
 *
 * @param options `beforeStatement` is called before each statement that is sent, transactions' own included
 * @returns what the migrations have said
 */
export async function migrateQuietly(
  { url }: Pick<TestDatabase, 'url'>,
  work: Work,
  options: kit.MigrateOptions,
): Promise<string> {
  const said = jest.spyOn(console, 'log').mockImplementation();
  const warned = jest.spyOn(console, 'warn').mockImplementation(); // Sequelize, of a connection that was cut
  try {
    return await kit.migrate(url, work, options);
  } finally {
    said.mockRestore();
    warned.mockRestore();
  }
}

/** Runs the migrations of the fixture project. */
export function migrate(database: Pick<TestDatabase, 'url'>, work: Work): Promise<string> {
  return migrateQuietly(database, work, { root: FIXTURE });
}
