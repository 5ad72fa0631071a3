import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { locationIn, startServer, stopServer } from '../../src/embedded';

const PREFIX = 'prd-maker-tests-';

/** Set by the global setup for all test files: a superuser's URL, to the database `postgres`. */
const VARIABLE = 'TESTS_SERVER_URL';

/** A throw-away server in memory where there is room for it (a container's /dev/shm may have 64 MB). */
function parentFolder(): string {
  const memory = '/dev/shm';
  if (!fs.existsSync(memory)) return os.tmpdir();
  const { bavail, bsize } = fs.statfsSync(memory);
  return bavail * bsize > 1_000_000_000 ? memory : os.tmpdir();
}

/** Starts the server of this test run, or takes the one at TEST_DATABASE_URL. */
export async function startTestServer(): Promise<void> {
  await sweepUp();
  process.env[VARIABLE] = process.env['TEST_DATABASE_URL'] ?? (await startOwnServer());
}

async function startOwnServer(): Promise<string> {
  const location = locationIn(fs.mkdtempSync(path.join(parentFolder(), `${PREFIX}${process.pid}-`)));
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };
  const { username, password, host, port } = await startServer(location, settings);
  return `postgres://${username}:${password}@${host}:${port}/postgres`;
}

/** Stops and removes the servers of this run, and of earlier runs that were killed before they could. */
export async function sweepUp(): Promise<void> {
  const parent = parentFolder();
  for (const name of fs.readdirSync(parent).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (pid !== process.pid && isAlive(pid)) continue;
    const folder = path.join(parent, name);
    await stopServer(locationIn(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function serverUrl(): string {
  const url = process.env[VARIABLE];
  if (!url) throw new Error('The global setup has not started a server.');
  return url;
}
