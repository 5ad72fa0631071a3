import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
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
  useMemory();
  const url = process.env['TEST_DATABASE_URL'] || (await startOwnServer()); // set to nothing means not set
  process.env[VARIABLE] = url;
  const { beginRun } = await import('sequelize-live-migrations/testing');
  await beginRun({ root, url });
}

const MEMORY = '/dev/shm';
const REQUIRED_BYTES = 3_000_000_000;

/**
 * Has the temporary folders of all tests be in memory, where there is plenty and programs may run in it: on a slow disk,
 * a copy of the project takes the processor longer than what is tested in it. They are removed as the server is.
 */
function useMemory(): void {
  if (!fs.existsSync(MEMORY)) return;
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  const mayNotRun = /^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(fs.readFileSync('/proc/mounts', 'utf8'));
  if (bavail * bsize < REQUIRED_BYTES || mayNotRun) return;
  const folder = fs.mkdtempSync(path.join(MEMORY, `${PREFIX}${String(process.pid)}-`));
  fs.chmodSync(folder, 0o755); // the user of an embedded server has to pass through
  process.env['TMPDIR'] = folder;
}

async function startOwnServer(): Promise<string> {
  const { username, password, host, port } = await startTemporaryServer(PREFIX);
  const url = `postgres://${username}:${password}@${host}:${port}/postgres`;
  await hashOnce(url, password);
  return url;
}

/**
 * Has a random password of 128 bits not be hashed 4096 times at each of some thousand connections. PostgreSQL 16 has made
 * the number a setting.
 */
async function hashOnce(url: string, password: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT set_config(name, '1', false) FROM pg_settings WHERE name = 'scram_iterations'");
  await client.query(`ALTER ROLE CURRENT_USER PASSWORD ${client.escapeLiteral(password)}`);
  await client.end();
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
