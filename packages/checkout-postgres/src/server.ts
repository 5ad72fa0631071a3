import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFilesIn } from './access';
import { installBinaries, type Binaries } from './binaries';
import { clusterIn, createMissingCluster, SUPERUSER, type Cluster, type Settings } from './cluster';
import { makePrivateFolder, type Location } from './location';
import { withLock } from './lock';
import { postmasterOf, removeForeignPidFile, type Postmaster } from './postmaster';
import { runServerProgram } from './programs';

/** A server that accepts connections. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Whether this call started it. */
  readonly started: boolean;
}

const WAIT_MS = 60_000;
const POLL_MS = 25;
/** Below the ports that operating systems assign by themselves (from 32768 on Linux). */
const PORTS = { first: 20_000, count: 10_000, tries: 100 };

/**
 * Starts the server of a location unless it is running. It keeps running after this process.
 *
 * @param settings for `postgresql.conf`, where this call creates the cluster
 * @throws with one line where the server does not run on this system, or its files are not this user's
 */
export function startServer(location: Location, settings: Settings = {}): Promise<Server> {
  return withFilesIn(location.folder, () => start(location, settings));
}

async function start(location: Location, settings: Settings): Promise<Server> {
  const running = runningServer(location);
  if (running) return running;
  if (/["$`\\\n]/.test(location.folder)) {
    throw new Error(
      `The embedded PostgreSQL cannot live in ${location.folder}: pg_ctl does not work with quotes, dollars, backticks ` +
        'or backslashes in a path. Move the checkout, or set DATABASE_URL.',
    );
  }
  makePrivateFolder(location.folder, location);
  return withLock(path.join(location.folder, 'starting'), WAIT_MS, async () => {
    const meanwhile = runningServer(location);
    if (meanwhile) return meanwhile;
    removeDrafts(location);
    const binaries = installBinaries(location);
    const cluster = createMissingCluster(location, binaries, settings);
    const { port } = await bringUp(location, binaries, cluster);
    return serverAt(cluster, port, true);
  });
}

/** Removes what killed commands have left unfinished. */
function removeDrafts({ folder }: Location): void {
  for (const entry of fs.readdirSync(folder).filter((name) => /^draft-|\.out$/.test(name))) {
    fs.rmSync(path.join(folder, entry), { recursive: true, force: true });
  }
}

/** The server of a location, if it is running. Reads a few files, and starts nothing. */
export function runningServer(location: Location): Server | undefined {
  for (const cluster of clustersIn(location)) {
    const postmaster = postmasterOf(cluster.data);
    if (postmaster?.ready) return serverAt(cluster, postmaster.port, false);
  }
  return undefined;
}

/**
 * Stops the server of a location as `pg_ctl stop` does: rolls back the open transactions, and writes the data to disk.
 *
 * @returns whether it was running
 */
export function stopServer(location: Location): Promise<boolean> {
  return withFilesIn(location.folder, () => stop(location));
}

async function stop(location: Location): Promise<boolean> {
  let stopped = false;
  for (const { data } of clustersIn(location)) {
    const postmaster = postmasterOf(data);
    if (!postmaster) continue;
    process.kill(postmaster.pid, 'SIGINT');
    await waitFor(
      () => postmasterOf(data) === undefined,
      `the server with pid ${String(postmaster.pid)} to stop`,
    );
    stopped = true;
  }
  return stopped;
}

function clustersIn(location: Location): Cluster[] {
  const entries = fs.existsSync(location.folder) ? fs.readdirSync(location.folder) : [];
  return entries.flatMap((entry) => {
    const major = /^cluster-(\d+)$/.exec(entry)?.[1];
    return major === undefined ? [] : clusterIn(location, major);
  });
}

function serverAt({ passwordFile }: Cluster, port: number, started: boolean): Server {
  const password = fs.readFileSync(passwordFile, 'utf8');
  return { host: '127.0.0.1', port, username: SUPERUSER, password, started };
}

/** Starts the server on the first free port. Waits where it is starting or stopping already. */
async function bringUp(location: Location, binaries: Binaries, { data }: Cluster): Promise<Postmaster> {
  const log = path.join(location.folder, 'server.log');
  const deadline = Date.now() + WAIT_MS;
  let port = await freePort(preferredPort(location));
  for (;;) {
    const running = postmasterOf(data);
    if (running?.ready) return running;
    if (!running) {
      const problem = tryStart(location, binaries, data, log, port);
      if (problem !== undefined && /address already in use|could not bind/i.test(problem)) {
        port = await freePort(port + 1);
      } else if (problem !== undefined && !TEMPORARY_ERROR.test(problem)) {
        throw new Error(
          `The embedded PostgreSQL does not start: ${problem} (log: ${log}). Correct that, or set DATABASE_URL.`,
        );
      }
    }
    if (Date.now() > deadline) throw new Error(`The embedded PostgreSQL does not get ready (log: ${log}).`);
    await sleep(POLL_MS);
  }
}

/** After a `kill -9`, the old server's processes keep its memory for some seconds. */
const TEMPORARY_ERROR = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;

/** Starts the server. Returns undefined when it is running, otherwise the errors that it has logged. */
function tryStart(location: Location, { folder }: Binaries, data: string, log: string, port: number) {
  removeForeignPidFile(data);
  const sizeBefore = fs.existsSync(log) ? fs.statSync(log).size : 0;
  const args = ['start', '-s', '-w', '-D', data, '-l', log, '-o', `-p ${String(port)}`];
  const { status, output } = runServerProgram(folder, 'pg_ctl', args, location);
  if (status === 0) return undefined;
  const logged = fs.existsSync(log) ? fs.readFileSync(log).subarray(sizeBefore).toString() : '';
  const errors = logged.split('\n').filter((line) => /(LOG|WARNING|FATAL|PANIC|HINT):/.test(line));
  return errors.join(' ').trim() || output;
}

/** Derived from the path, so that a checkout keeps its port, and others have different ones. */
function preferredPort({ folder }: Location): number {
  return PORTS.first + (createHash('sha256').update(folder).digest().readUInt32BE(0) % PORTS.count);
}

async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + PORTS.tries; port += 1) {
    if (await canListen(port)) return port;
  }
  throw new Error(`No port from ${String(from)} on is free for the embedded PostgreSQL.`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function waitFor(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Timed out after a minute, waiting for ${what}.`);
    await sleep(POLL_MS);
  }
}
