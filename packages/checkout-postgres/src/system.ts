import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Whether a process is there, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM'); // there, and somebody else's
  }
}

/** Whether an error carries one of these codes: `ENOENT` of the system, `42P04` of PostgreSQL. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** How a process was started, or nothing where that cannot be known. */
export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
  try {
    return fs.readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  } catch {
    return ''; // gone since
  }
}
