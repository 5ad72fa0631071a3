import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { locationIn, memoryFolder, startServer, stopServer, type Location } from '../../src/embedded';
import { isAlive } from '../../src/embedded/system';
import { beginRun, endRun } from '../../src/testing/run';

const PREFIX = 'prd-maker-tests-';

/** Set by the global setup for all test files: a superuser's URL, to the database `postgres`. */
const VARIABLE = 'TESTS_SERVER_URL';

/** Starts the server of this test run, or takes the one at TEST_DATABASE_URL, and begins the run on it. */
export async function startTestServer(): Promise<void> {
  await sweepUp();
  const url = process.env['TEST_DATABASE_URL'] || (await startOwnServer()); // set to nothing means not set
  process.env[VARIABLE] = url;
  await beginRun(url);
}

/** A location for a server of a test's own, of the PostgreSQL that these tests are run with. */
export function throwawayIn(folder: string): Location {
  return { ...locationIn(folder), package: process.env['EMBEDDED_POSTGRES'] || undefined };
}

async function startOwnServer(): Promise<string> {
  const parent = memoryFolder() ?? os.tmpdir();
  const location = throwawayIn(fs.mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`)));
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };
  const { username, password, host, port } = await startServer(location, settings);
  return `postgres://${username}:${password}@${host}:${port}/postgres`;
}

/** Ends the run, and removes its server. */
export async function stopTestServer(): Promise<void> {
  await endRun();
  await sweepUp();
}

/** Stops and removes the servers of this run, and of earlier runs that were killed before they could. */
async function sweepUp(): Promise<void> {
  const parents = ['/dev/shm', os.tmpdir()].filter((folder) => fs.existsSync(folder));
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
