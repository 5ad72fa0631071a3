import { execFileSync } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');

/** Compiles once, before the test files start, so that they do not all do it. */
export function build(): void {
  execFileSync(process.execPath, ['backend/build.js'], { cwd: ROOT, stdio: 'inherit' });
}
