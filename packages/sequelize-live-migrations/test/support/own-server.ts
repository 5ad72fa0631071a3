import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startServer, stopServer, temporaryLocation } from 'checkout-postgres';

const folders: string[] = [];

/** A server of a test's own, which may be changed as a whole. It goes with the test file, by `stopOwnServers`. */
export async function startOwnServer() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-server-'));
  folders.push(folder);
  const location = temporaryLocation(folder);
  const start = async () => {
    const { username, password, host, port } = await startServer(location, { fsync: 'off' });
    return `postgres://${username}:${password}@${host}:${String(port)}/postgres`;
  };
  return {
    /** A superuser's, to the database `postgres`. */
    url: await start(),
    /** Starts it again as a standby, which only accepts reads, and waits for its primary for ever. */
    async becomeStandby(): Promise<void> {
      await stopServer(location);
      const cluster = fs.readdirSync(folder).find((name) => name.startsWith('cluster-')) ?? '';
      fs.writeFileSync(path.join(folder, cluster, 'data', 'standby.signal'), '');
      await start();
    },
  };
}

export async function stopOwnServers(): Promise<void> {
  for (const folder of folders.splice(0)) {
    await stopServer(temporaryLocation(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
