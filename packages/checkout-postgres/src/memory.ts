import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Location } from './location';
import { hasCode } from './system';

const MEMORY = '/dev/shm';
const REQUIRED_BYTES = 1_000_000_000;

/** The file system in memory, if there is one with enough space (a container's may have 64 MB) that may run programs. */
export function memoryFolder(): string | undefined {
  if (!fs.existsSync(MEMORY)) return undefined;
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  const mayNotRun = /^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(fs.readFileSync('/proc/mounts', 'utf8'));
  return bavail * bsize > REQUIRED_BYTES && !mayNotRun ? MEMORY : undefined;
}

/**
 * A location in memory for a server whose data may be lost, if there is enough.
 *
 * @param location where the server would be otherwise: its user runs the server, and its folder makes the name unique
 * @param name the project's name, for the folder
 */
export function inMemory(location: Location, name: string): Location | undefined {
  const hash = createHash('sha256').update(location.folder).digest('hex').slice(0, 12);
  const folder = path.join(MEMORY, `${name}-${hash}`);
  if (!fs.existsSync(folder) && !memoryFolder()) return undefined;
  createFolder(folder);
  // Everybody may create files there, so an existing folder of that name must not be another user's.
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
