import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/**
 * Runs `work` while no other process does. Saves eight commands that start at once from making eight
 * clusters; what they do stays right without it, because each step of it ends in an atomic rename and
 * PostgreSQL itself lets only one server into a data folder. So a lock whose holder died is simply removed.
 *
 * @throws when a living holder keeps the lock for longer than `patienceMs`.
 */
export async function withLock<T>(file: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  await acquire(file, Date.now() + patienceMs);
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

async function acquire(file: string, deadline: number): Promise<void> {
  while (!tryCreate(file)) {
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) fs.rmSync(file, { force: true });
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${String(holder)} has been starting PostgreSQL for too long (it holds ${file}).`,
      );
    }
    await sleep(POLL_MS);
  }
}

function tryCreate(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The process that wrote the lock; undefined while it is being written or just gone. */
function holderOf(file: string): number | undefined {
  try {
    return Number.parseInt(fs.readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM'); // there, and somebody else's
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
