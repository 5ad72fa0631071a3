import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { locationIn, stopServer, temporaryLocation, type Location } from '../src';

const execute = promisify(execFile);

/** Runs a script in a Node.js of its own, which has to succeed. */
const runScript = (script: string) => execute(process.execPath, ['-e', script]);

const folders: string[] = [];

/** A server of this test's own. The folder's parents let everybody pass, as root runs it as another user. */
function newLocation(): Location {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'checkout-postgres-'));
  folders.push(folder);
  return temporaryLocation(folder);
}

afterAll(async () => {
  for (const folder of folders) {
    await stopServer(locationIn(folder));
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

describe('the embedded server', () => {
  it('is one server when eight commands start it at the same instant', async () => {
    const location = newLocation();
    const script = `const { startServer } = require(${JSON.stringify(path.join(__dirname, '../dist'))});
      startServer(${JSON.stringify(location)}).then(({ port, started }) => console.log(port, started))`;
    const runs = await Promise.all(Array.from({ length: 8 }, () => runScript(script)));
    expect(runs.map(({ stderr }) => stderr)).toEqual(Array(8).fill(''));
    const answers = runs.map(({ stdout }) => stdout.trim().split(' '));
    expect(new Set(answers.map(([port]) => port)).size).toBe(1);
    expect(answers.filter(([, started]) => started === 'true')).toHaveLength(1);
  });
});
