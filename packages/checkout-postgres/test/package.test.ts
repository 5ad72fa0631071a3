import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesIn, installPacked } from '../../sequelize-live-migrations/test/support/pack';
import manifest from '../package.json';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'checkout-postgres-package-'));

afterAll(() => fs.rmSync(folder, { recursive: true }));

it('the package has what its program and its users need, and neither sources nor tests', async () => {
  const unpacked = await installPacked(folder, manifest, { compile: false });
  const expected = /^(README\.md|bin\.js|package\.json|dist\/\w+\.js)$/;
  expect(filesIn(unpacked).filter((file) => !expected.test(file))).toEqual([]);
  const program = path.join(unpacked, manifest.bin['checkout-postgres']);
  const typed = promisify(execFile)(process.execPath, [program, 'help'], { cwd: folder });
  await expect(typed).rejects.toMatchObject({ stderr: expect.stringContaining('ERROR: Usage: ') });
  const script = `console.log(Object.keys(require('${manifest.name}')).join())`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder });
  expect(stdout).toContain('checkoutDatabase');
});
