import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './build';

const copies: string[] = [];

/**
 * A copy of this project in a folder of its own, for tests that edit its files or use its embedded server.
 *
 * @param without paths to leave out
 */
export function copyProject({ without = [] }: { without?: readonly string[] } = {}): string {
  // Every user may pass through: as root, the embedded server runs as another one.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-copy-'));
  fs.chmodSync(folder, 0o755);
  copies.push(folder);
  const parts = [
    '.sequelizerc',
    'package.json',
    'tsconfig.json',
    'backend/build.js',
    'backend/src',
    'backend/dist',
  ];
  for (const part of parts.filter((candidate) => !without.includes(candidate))) {
    fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Removes the copies that this test file has made: for `afterAll`. */
export function removeCopies(): void {
  for (const folder of copies.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}
