import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, hasCode, isAlive } from './system';

const POLL_MS = 25;

/**
 * Runs `work` while no other process does. Saves eight commands that start at once from making eight
 * clusters; what they do stays right without it, because each step of it ends in an atomic rename and
 * PostgreSQL itself lets only one server into a data folder. So a lock that its holder cannot still need is
 * simply removed.
 *
 * @throws when a living holder keeps the lock for longer than `patienceMs`.
 */
export async function withLock<T>(file: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  while (!tryCreate(file)) {
    if (isStale(file, patienceMs)) fs.rmSync(file, { force: true });
    if (Date.now() > deadline) {
      throw new Error(`Another command has been starting PostgreSQL for too long (it holds ${file}).`);
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Creates the lock with its content in one step: a link to a file that is complete. */
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
 * Whether the holder is gone: its pid is nobody's, or somebody else's by now (this process's own, in a restarted
 * container), or the lock is older than a living holder would let it get.
 */
function isStale(file: string, patienceMs: number): boolean {
  try {
    const blocker = Number.parseInt(fs.readFileSync(file, 'utf8'), 10);
    const isStranger = !commandLineOf(blocker).includes('node');
    const age = Date.now() - fs.statSync(file).mtimeMs;
    return !blocker || blocker === process.pid || !isAlive(blocker) || isStranger || age > 2 * patienceMs;
  } catch {
    return false; // gone since
  }
}
