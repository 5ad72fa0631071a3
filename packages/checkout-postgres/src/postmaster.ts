import fs from 'node:fs';
import path from 'node:path';
import { commandLineOf, isAlive } from './system';

/** The server process of a data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/**
 * The server that runs on a data folder, if one does.
 *
 * `postmaster.pid` is not enough to know: it stays after a power cut or a `kill -9`, and its pid may belong to another
 * program by then (which `pg_ctl status` takes for the server, and `pg_ctl stop` kills). So the working folder of the
 * process is compared with the data folder, or the data folder has to be in its command line.
 */
export function postmasterOf(data: string): Postmaster | undefined {
  const lines = readLines(pidFile(data));
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!pid || !isServerOf(data, pid)) return undefined;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
}

/**
 * Removes a `postmaster.pid` whose pid belongs to another program: PostgreSQL would take that for a running server. (It
 * removes the file itself where the process has ended.) The file is renamed first and read again, in case another command
 * has started the server in between.
 */
export function removeForeignPidFile(data: string): void {
  const pid = Number(readLines(pidFile(data))[0]);
  if (!pid || !isAlive(pid) || isServerOf(data, pid)) return;
  const renamed = `${pidFile(data)}-${String(process.pid)}`;
  fs.renameSync(pidFile(data), renamed);
  if (Number(readLines(renamed)[0]) !== pid) fs.renameSync(renamed, pidFile(data));
  fs.rmSync(renamed, { force: true });
}

function pidFile(data: string): string {
  return path.join(data, 'postmaster.pid');
}

function readLines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function isServerOf(data: string, pid: number): boolean {
  return isAlive(pid) && (worksIn(data, pid) || commandLineOf(pid).includes(data));
}

/** On Linux: the server's working folder is its data folder, also after the checkout was moved. */
function worksIn(data: string, pid: number): boolean {
  try {
    return fs.readlinkSync(`/proc/${String(pid)}/cwd`) === fs.realpathSync(data);
  } catch {
    return false;
  }
}
