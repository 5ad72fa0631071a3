import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Location } from './location';
import { hasCode } from './system';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 1_000_000_000;

/** The file system in memory, where there is one with room (a container's may have 64 MB) that runs programs. */
export function memoryFolder(): string | undefined {
  if (!fs.existsSync(MEMORY)) return undefined;
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  const mayNotRun = /^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(fs.readFileSync('/proc/mounts', 'utf8'));
  return bavail * bsize > ROOM_BYTES && !mayNotRun ? MEMORY : undefined;
}

/**
 * A place in memory for a server whose data may be lost, where there is such a place.
 *
 * @param location where the server would be otherwise: says who runs it, and makes the name unique
 * @param name the project's name, for the folder
 */
export function inMemory(location: Location, name: string): Location | undefined {
  const hash = createHash('sha256').update(location.folder).digest('hex').slice(0, 12);
  const folder = path.join(MEMORY, `${name}-${hash}`);
  if (!fs.existsSync(folder) && !memoryFolder()) return undefined;
  createFolder(folder);
  // Everybody may create files there: what has that name already must not be somebody else's.
  const found = fs.lstatSync(folder);
  const isOurs = [0, location.runAs?.uid ?? process.getuid?.()].includes(found.uid);
  return found.isDirectory() && isOurs ? { ...location, folder } : undefined;
}

function createFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
