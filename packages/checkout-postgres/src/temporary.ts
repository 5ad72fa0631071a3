import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Settings as ServerSettings } from './cluster';
import { locationIn, type Location } from './location';
import { memoryFolder } from './memory';
import { startServer, stopServer, type Server } from './server';
import { packageFromEnvironment } from './settings';
import { isAlive } from './system';

/** Fast, for data that may be lost. */
const SETTINGS: ServerSettings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };

/** A location in any folder, with the PostgreSQL that EMBEDDED_POSTGRES names, or the installed one. */
export function temporaryLocation(folder: string): Location {
  return { ...locationIn(folder), package: packageFromEnvironment() };
}

/**
 * Starts a server for the lifetime of this process, in memory where there is enough.
 *
 * @param prefix the beginning of its folder's name, by which `removeTemporaryServers` finds it
 */
export async function startTemporaryServer(prefix: string): Promise<Server> {
  const parent = memoryFolder() ?? os.tmpdir();
  const folder = fs.mkdtempSync(path.join(parent, `${prefix}${String(process.pid)}-`));
  return startServer(temporaryLocation(folder), SETTINGS);
}

/** Stops and removes the servers of this process, and those of earlier processes that were killed. */
export async function removeTemporaryServers(prefix: string): Promise<void> {
  const parents = ['/dev/shm', os.tmpdir()].filter((folder) => fs.existsSync(folder));
  for (const folder of parents.flatMap((parent) => abandonedIn(parent, prefix))) {
    await stopServer(locationIn(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The folders of servers that are not needed any more, except those of other users. */
function abandonedIn(parent: string, prefix: string): string[] {
  const names = fs.readdirSync(parent).filter((name) => name.startsWith(prefix));
  return names.flatMap((name) => {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    const folder = path.join(parent, name);
    const isOurs = process.getuid?.() === 0 || fs.statSync(folder).uid === process.getuid?.();
    return isOurs && (pid === process.pid || !isAlive(pid)) ? [folder] : [];
  });
}
