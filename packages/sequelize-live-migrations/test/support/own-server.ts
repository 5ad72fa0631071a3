import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startServer, stopServer, temporaryLocation } from 'checkout-postgres';
import { eventually } from './eventually';

const folders: string[] = [];

type Settings = Readonly<Record<string, string>>;

/** A server of a test's own, which may be changed as a whole. It goes with the test file, by `stopOwnServers`. */
export class OwnServer {
  /** A superuser's, to the database `postgres`. */
  url = '';

  constructor(readonly folder: string) {
    folders.push(folder);
  }

  async start(settings: Settings = {}): Promise<void> {
    const location = temporaryLocation(this.folder);
    const { username, password, host, port } = await startServer(location, { fsync: 'off', ...settings });
    this.url = `postgres://${username}:${password}@${host}:${String(port)}/postgres`;
  }

  async stop(): Promise<void> {
    await stopServer(temporaryLocation(this.folder));
  }

  get data(): string {
    const cluster = fs.readdirSync(this.folder).find((name) => name.startsWith('cluster-')) ?? '';
    return path.join(this.folder, cluster, 'data');
  }

  /** Ends it as a crash does, without a word to its clients and its standbys. */
  async crash(): Promise<void> {
    const file = path.join(this.data, 'postmaster.pid');
    if (!fs.existsSync(file)) return;
    process.kill(Number.parseInt(fs.readFileSync(file, 'utf8'), 10), 'SIGQUIT');
    await eventually('the server has ended', () => !fs.existsSync(file));
  }

  /** Adds to `postgresql.conf`, for its next start. */
  configure(settings: Settings): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    fs.appendFileSync(path.join(this.data, 'postgresql.conf'), lines.join(''));
  }

  /** Has its next start be that of a standby. */
  beStandby(): void {
    const file = path.join(this.data, 'standby.signal');
    fs.writeFileSync(file, '');
    giveAs(this.data, file);
  }

  /** Starts it again as a standby, which only accepts reads, and waits for its primary for ever. */
  async becomeStandby(): Promise<void> {
    await this.stop();
    this.beStandby();
    await this.start();
  }

  /** A copy of it, which is not started, while it is stopped. */
  copy(): OwnServer {
    const copied = new OwnServer(newFolder());
    fs.chmodSync(copied.folder, fs.statSync(this.folder).mode);
    const cluster = path.dirname(this.data);
    copyOwned(cluster, path.join(copied.folder, path.basename(cluster)));
    giveAs(this.folder, copied.folder);
    return copied;
  }
}

/** Copies a folder with its owners and modes, which the server is particular about. */
function copyOwned(from: string, to: string): void {
  const stat = fs.lstatSync(from);
  if (stat.isDirectory()) {
    fs.mkdirSync(to);
    for (const name of fs.readdirSync(from)) copyOwned(path.join(from, name), path.join(to, name));
    fs.chmodSync(to, stat.mode);
  } else fs.copyFileSync(from, to);
  giveAs(from, to);
}

/** Only root may, and only there the owner is another one. */
function giveAs(like: string, file: string): void {
  const { uid, gid } = fs.statSync(like);
  if (uid !== process.getuid?.()) fs.chownSync(file, uid, gid);
}

function newFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-server-'));
}

export async function startOwnServer(settings: Settings = {}): Promise<OwnServer> {
  const server = new OwnServer(newFolder());
  await server.start(settings);
  return server;
}

export async function stopOwnServers(): Promise<void> {
  for (const folder of folders.splice(0)) {
    await stopServer(temporaryLocation(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
