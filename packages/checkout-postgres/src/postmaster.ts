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
 * `postmaster.pid` alone does not tell: after a power cut or a `kill -9` it stays, and its pid may belong to a
 * stranger by then (`pg_ctl status` believes it, and `pg_ctl stop` kills it). So the process is asked where it
 * works, or for its command line, which names the data folder.
 */
export function postmasterOf(data: string): Postmaster | undefined {
  const lines = readLines(pidFile(data));
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !isServerOf(data, pid)) return undefined;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
}

/**
 * Removes a `postmaster.pid` whose pid belongs to a living stranger: PostgreSQL itself would take that for a
 * running server. (One whose process is gone it removes by itself.) Renamed first and read again, in case
 * another command has started the server in between.
 */
export function removeStrangersPidFile(data: string): void {
  const pid = Number(readLines(pidFile(data))[0]);
  if (!pid || !isAlive(pid) || isServerOf(data, pid)) return;
  const keptAside = `${pidFile(data)}-${String(process.pid)}`;
  fs.renameSync(pidFile(data), keptAside);
  if (Number(readLines(keptAside)[0]) !== pid) fs.renameSync(keptAside, pidFile(data));
  fs.rmSync(keptAside, { force: true });
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

/** Linux: the server's working folder is its data folder, and stays so when somebody moves the checkout. */
function worksIn(data: string, pid: number): boolean {
  try {
    return fs.readlinkSync(`/proc/${String(pid)}/cwd`) === fs.realpathSync(data);
  } catch {
    return false;
  }
}
