import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { locationIn, startServer, stopServer } from '../../src/embedded';
import { isAlive } from '../../src/embedded/system';

const PREFIX = 'prd-maker-tests-';

/** Set by the global setup for all test files: a superuser's URL, to the database `postgres`. */
const VARIABLE = 'TESTS_SERVER_URL';

const MEMORY = '/dev/shm';

/** In memory where there is room for a server (a container's /dev/shm may have 64 MB). */
function parentFolder(): string {
  if (!fs.existsSync(MEMORY)) return os.tmpdir();
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  return bavail * bsize > 1_000_000_000 ? MEMORY : os.tmpdir();
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
  const parents = [MEMORY, os.tmpdir()].filter((folder) => fs.existsSync(folder));
  for (const folder of parents.flatMap((parent) => leftIn(parent))) {
    await stopServer(locationIn(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The servers' folders that nobody needs any more; those of other users are theirs to remove. */
function leftIn(parent: string): string[] {
  const names = fs.readdirSync(parent).filter((name) => name.startsWith(PREFIX));
  return names.flatMap((name) => {
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    const folder = path.join(parent, name);
    const mine = process.getuid?.() === 0 || fs.statSync(folder).uid === process.getuid?.();
    return mine && (pid === process.pid || !isAlive(pid)) ? [folder] : [];
  });
}

export function serverUrl(): string {
  const url = process.env[VARIABLE];
  if (!url) throw new Error('The global setup has not started a server.');
  return url;
}
