import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { locationIn, stopServer, temporaryLocation, type Location } from '../../src';

const execute = promisify(execFile);

/** Runs a script in a Node.js of its own, which has to succeed. */
export const runScript = (script: string) => execute(process.execPath, ['-e', script]);

const folders: string[] = [];

/** A folder of this test's own, whose parents let everybody pass, as root runs a server as another user. */
export function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'checkout-postgres-'));
  folders.push(folder);
  return folder;
}

/** A server of this test's own. */
export const newLocation = (): Location => temporaryLocation(newFolder());

/** Stops the servers and removes the folders, when all tests of a file are done. */
export async function removeLocations(): Promise<void> {
  for (const folder of folders.splice(0)) {
    await stopServer(locationIn(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
