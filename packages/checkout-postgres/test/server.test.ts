import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { eventually } from '../../sequelize-live-migrations/test/support/eventually';
import { runningServer, startServer, stopServer, type Location, type Server } from '../src';
import { newFolder, newLocation, removeLocations, runScript } from './support/locations';

afterAll(removeLocations);

async function ask(server: Server, sql: string, password = server.password): Promise<unknown> {
  const { host, port, username: user } = server;
  const client = new Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>({ text: sql });
    return rows[0] && Object.values(rows[0])[0];
  } finally {
    await client.end();
  }
}

function pidOf(location: Location): number {
  return Number(fs.readFileSync(pidFileOf(location), 'utf8').split('\n')[0]);
}

function pidFileOf(location: Location): string {
  const [cluster = ''] = fs.readdirSync(location.folder).filter((name) => name.startsWith('cluster-'));
  return path.join(location.folder, cluster, 'data/postmaster.pid');
}

describe('the embedded server', () => {
  /** One for all tests that leave a server as they find it: to make a cluster takes a second or two. */
  const shared = newLocation();

  it('starts once, goes on running, keeps its data and port over a stop, and lets only its password in', async () => {
    const location = shared;
    await stopServer(location);
    const first = await startServer(location);
    expect(first.started).toBe(true);
    await ask(first, 'CREATE TABLE IF NOT EXISTS kept ()');
    expect(await startServer(location)).toEqual({ ...first, started: false });
    await expect(ask(first, 'SELECT 1', 'wrong')).rejects.toThrow('password authentication failed');
    expect(await ask(first, 'SHOW listen_addresses')).toBe('127.0.0.1');
    expect(await stopServer(location)).toBe(true);
    expect(await stopServer(location)).toBe(false);
    expect(runningServer(location)).toBeUndefined();
    const again = await startServer(location);
    expect(again).toEqual(first);
    expect(await ask(again, "SELECT to_regclass('kept') IS NOT NULL")).toBe(true);
  });

  it('keeps its files where only its own user can read them', async () => {
    const location = shared;
    await startServer(location);
    const modeOf = (...parts: string[]) => fs.statSync(path.join(location.folder, ...parts)).mode & 0o777;
    const [cluster = ''] = fs.readdirSync(location.folder).filter((name) => name.startsWith('cluster-'));
    expect([modeOf(), modeOf(cluster), modeOf(cluster, 'password')]).toEqual([0o700, 0o700, 0o600]);
  });

  it('comes back after a kill -9, with what was committed', async () => {
    const location = shared;
    const server = await startServer(location);
    await ask(server, 'CREATE TABLE committed ()');
    await ask(server, 'CHECKPOINT');
    process.kill(pidOf(location), 'SIGKILL');
    await eventually('the server is gone', () => runningServer(location) === undefined);
    const again = await startServer(location);
    expect(again.started).toBe(true);
    expect(await ask(again, "SELECT to_regclass('committed') IS NOT NULL")).toBe(true);
  });

  it('is not mistaken for a stranger that has its old pid, and the stranger lives on', async () => {
    const location = shared;
    await startServer(location);
    const file = pidFileOf(location);
    const pidFile = fs.readFileSync(file, 'utf8');
    await stopServer(location);
    const stranger = spawn('sleep', ['60'], { ...location.runAs });
    fs.writeFileSync(file, pidFile.replace(/^\d+/, String(stranger.pid)));
    expect(runningServer(location)).toBeUndefined();
    expect(await stopServer(location)).toBe(false);
    expect((await startServer(location)).started).toBe(true);
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });

  it('takes another port when its own is taken', async () => {
    const location = shared;
    const { port } = await startServer(location);
    await stopServer(location);
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    const moved = await startServer(location);
    expect(moved.port).not.toBe(port);
    expect(await ask(moved, 'SELECT 1')).toBe(1);
    squatter.close();
  });

  it('refuses a folder that its start script would not survive, in one line', async () => {
    const folder = path.join(os.tmpdir(), 'a $folder');
    await expect(startServer({ folder })).rejects.toThrow(/cannot live in .*\$folder: .*set DATABASE_URL/);
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('of another user is said to be theirs, and where no files can be written, that is said: each in one line', async () => {
    const folder = newFolder();
    fs.mkdirSync(path.join(folder, 'theirs'), { mode: 0o700 });
    fs.chmodSync(folder, 0o555);
    const problemIn = (name: string) =>
      startServer({ folder: path.join(folder, name) }).then(
        () => 'it starts',
        (error: unknown) => String(error),
      );
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534); // root may read and write everything
    try {
      const missing = path.join(folder, 'new');
      expect(await problemIn('new')).toBe(
        `Error: EACCES: permission denied, mkdir '${missing}'. The files of the embedded PostgreSQL cannot be written in ` +
          `${missing}. Nothing was done. Run the command where they can, or set DATABASE_URL.`,
      );
      if (!isRoot) return; // who has no folder of another user to try
      expect(await problemIn('theirs')).toMatch(
        /^Error: EACCES: .* belongs to the user root, and this is \S+\. Nothing was done\. Run the command as that user, or set DATABASE_URL\.$/,
      );
      const stopped = stopServer({ folder: path.join(folder, 'theirs') });
      await expect(stopped).rejects.toThrow('belongs to the user root');
    } finally {
      if (isRoot) process.seteuid?.(0);
      fs.chmodSync(folder, 0o755); // so that it can be removed
    }
  });

  it('says on a platform without binaries to set DATABASE_URL, in one line', async () => {
    const location = { ...newLocation(), package: undefined };
    const script = `Object.defineProperty(process, 'arch', { value: 's390x' });
      require(${JSON.stringify(path.join(__dirname, '../dist'))})
        .startServer(${JSON.stringify(location)}).catch((error) => console.log(error.message))`;
    const { stdout } = await runScript(script);
    expect(stdout).toMatch(/^There is no embedded PostgreSQL for \w+-s390x .*Set DATABASE_URL.*\n$/);
  });
});
