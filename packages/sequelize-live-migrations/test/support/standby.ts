import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startServer, stopServer, temporaryLocation } from 'checkout-postgres';

const folders: string[] = [];

/**
 * A server that only accepts reads, as a standby does: one that was stopped and waits for a primary since. It goes with the
 * test file, by `stopStandbys`.
 *
 * @param prepare is given the URL of its database `postgres` while it still is a primary
 * @returns that URL
 */
export async function startStandby(prepare: (url: string) => Promise<unknown>): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-standby-'));
  folders.push(folder);
  const location = temporaryLocation(folder);
  const start = async () => {
    const { username, password, host, port } = await startServer(location, { fsync: 'off' });
    return `postgres://${username}:${password}@${host}:${String(port)}/postgres`;
  };
  await prepare(await start());
  await stopServer(location);
  const cluster = fs.readdirSync(folder).find((name) => name.startsWith('cluster-')) ?? '';
  fs.writeFileSync(path.join(folder, cluster, 'data', 'standby.signal'), '');
  return start();
}

export async function stopStandbys(): Promise<void> {
  for (const folder of folders.splice(0)) {
    await stopServer(temporaryLocation(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
