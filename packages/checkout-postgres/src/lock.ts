import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, hasCode, isAlive } from './system';

const POLL_MS = 25;

/**
 * Runs `work` while no other process does, so that of several commands which start at once only one creates the cluster.
 * Without the lock, the result would be correct as well, because each step ends in an atomic rename, and PostgreSQL
 * allows only one server for a data folder. So a lock whose process cannot need it any more is just removed.
 *
 * @throws where another process holds the lock for longer than `waitMs`
 */
export async function withLock<T>(file: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!tryCreate(file)) {
    if (isStale(file, waitMs)) fs.rmSync(file, { force: true });
    if (Date.now() > deadline) {
      throw new Error(
        `Another command has been starting PostgreSQL for too long. Run the same command again when it has ended; ` +
          `if none is running, delete ${file}.`,
      );
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Creates the lock file together with its contents, as a link to a complete file. */
function tryCreate(file: string): boolean {
  const draft = `${file}-${String(process.pid)}`;
  fs.writeFileSync(draft, String(process.pid));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * Whether the process that holds the lock has ended: its pid does not exist, or belongs to another program by now (to
 * this process, in a restarted container), or the lock is older than a running process could have it.
 */
function isStale(file: string, waitMs: number): boolean {
  try {
    const pid = Number.parseInt(fs.readFileSync(file, 'utf8'), 10);
    const isOtherProgram = !commandLineOf(pid).includes('node');
    const age = Date.now() - fs.statSync(file).mtimeMs;
    return !pid || pid === process.pid || !isAlive(pid) || isOtherProgram || age > 2 * waitMs;
  } catch {
    return false; // removed meanwhile
  }
}
