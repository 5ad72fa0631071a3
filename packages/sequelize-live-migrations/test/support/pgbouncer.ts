import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { locationIn } from 'checkout-postgres';
import { Client } from 'pg';
import type { TestDatabase } from './database';
import { eventually } from './eventually';
import { listening } from './listening';
import { serverUrl } from './server';
import { urlWith } from './urls';

// A connection pooler in front of the server of this test run: PgBouncer, where it is installed.

/** Debian installs it where only root's PATH leads. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;

const isInstalled = spawnSync('pgbouncer', ['--version'], { env: { PATH } }).status === 0;

if (!isInstalled) console.warn('There is no pgbouncer on this machine: the tests with it are skipped.');

/** `describe` where there is a PgBouncer. Where there is none, the tests are skipped, and a line says so. */
export const describeWithPgbouncer = isInstalled ? describe : describe.skip;

export type PoolMode = 'transaction' | 'statement' | 'session';

interface PoolOptions {
  /** How many sessions of the server the pool may have for one database. */
  readonly sessions?: number;
  /** For how many seconds a client may wait for one. */
  readonly waitSeconds?: number;
}

interface Pool {
  readonly port: number;
  readonly folder: string;
  readonly pooler: ChildProcess;
}

const pools: Pool[] = [];

/** Starts a pooler, for any database of the server. It goes with the test file, by `stopPools`. */
export async function startPool(
  mode: PoolMode,
  { sessions = 10, waitSeconds = 120 }: PoolOptions = {},
): Promise<Pool> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-pgbouncer-'));
  const port = await freePort();
  const file = path.join(folder, 'pgbouncer.ini');
  fs.writeFileSync(
    file,
    `${settings(mode, port)}default_pool_size = ${String(sessions)}\nquery_wait_timeout = ${String(waitSeconds)}\n`,
  );
  const { runAs } = locationIn(folder); // it does not run as root
  for (const owned of runAs ? [folder, file] : []) fs.chownSync(owned, runAs?.uid ?? -1, runAs?.gid ?? -1);
  const pooler = spawn('pgbouncer', ['--quiet', file], { ...runAs, env: { PATH }, stdio: 'ignore' });
  const pool = { port, folder, pooler };
  pools.push(pool);
  await eventually('pgbouncer accepts connections', () => accepts(pool));
  return pool;
}

function settings(mode: PoolMode, port: number): string {
  const { hostname, port: serverPort, username, password } = new URL(serverUrl());
  return `
[databases]
* = host=${hostname} port=${serverPort} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(port)}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
`;
}

/** The URL of a database through a pool. */
export function throughPool({ port }: Pool, { url }: Pick<TestDatabase, 'url'>): string {
  return urlWith(url, { hostname: '127.0.0.1', port: String(port) });
}

export async function stopPools(): Promise<void> {
  for (const { pooler, folder } of pools.splice(0)) {
    const ended = pooler.exitCode === null ? once(pooler, 'exit') : undefined;
    pooler.kill('SIGTERM');
    await ended;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts({ port, pooler }: Pool): Promise<boolean> {
  if (pooler.exitCode !== null) throw new Error(`pgbouncer has ended with ${String(pooler.exitCode)}.`);
  const client = new Client({ host: '127.0.0.1', port, user: 'any', database: 'postgres' });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}
