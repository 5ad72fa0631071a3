import { removeTemporaryServers, startTemporaryServer } from 'checkout-postgres';

const PREFIX = 'live-migrations-tests-';

/** Set by the global setup for all test files: a superuser's URL, to the database `postgres`. */
const VARIABLE = 'TESTS_SERVER_URL';

/**
 * Starts the server of this test run, or takes the one at TEST_DATABASE_URL, and begins the run on it.
 *
 * @param root the folder of the project whose migrations make the template
 */
export async function startTestServer(root: string): Promise<void> {
  await removeTemporaryServers(PREFIX);
  const url = process.env['TEST_DATABASE_URL'] || (await startOwnServer()); // set to nothing means not set
  process.env[VARIABLE] = url;
  const { beginRun } = await import('sequelize-live-migrations/testing');
  await beginRun({ root, url });
}

async function startOwnServer(): Promise<string> {
  const { username, password, host, port } = await startTemporaryServer(PREFIX);
  return `postgres://${username}:${password}@${host}:${port}/postgres`;
}

/** Ends the run, and removes its server. */
export async function stopTestServer(): Promise<void> {
  const { endRun } = await import('sequelize-live-migrations/testing');
  await endRun();
  await removeTemporaryServers(PREFIX);
}

export function serverUrl(): string {
  const url = process.env[VARIABLE];
  if (!url) throw new Error('The global setup has not started a server.');
  return url;
}
