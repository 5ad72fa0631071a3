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
  const expected = /^(README\.md|bin\.js|package\.json|dist\/\w+(\.js|\.d\.ts))$/;
  expect(filesIn(unpacked).filter((file) => !expected.test(file))).toEqual([]);
  const program = path.join(unpacked, manifest.bin['checkout-postgres']);
  const type = (...args: string[]) =>
    promisify(execFile)(process.execPath, [program, ...args], { cwd: folder });
  expect((await type('--help')).stdout).toMatch(/^Usage: /);
  await expect(type('strat')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^ERROR: "strat" is not a command\. Nothing was done\.\n\nUsage: /),
  });
  await expect(type('start')).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /^ERROR: There is no package\.json in .* Type the command in the folder that has it\.\n$/,
    ),
  });
  for (const args of [
    ['start', '--databse'],
    ['stop', '-x'],
  ])
    await expect(type(...args)).rejects.toMatchObject({
      stderr: expect.stringMatching(/^ERROR: Unexpected arguments \(-.*\)\. Nothing was done\./),
    });
  expect((await type('start', '--help')).stdout).toMatch(/^Usage: /);
  const script = `console.log(Object.keys(require('${manifest.name}')).join())`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder });
  expect(stdout).toContain('checkoutDatabase');
});
