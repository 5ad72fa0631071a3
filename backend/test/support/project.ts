import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './build';

const copies: string[] = [];

/** What this repository's packages are called where they are installed. */
const PACKAGES = ['sequelize-live-migrations', 'checkout-postgres'];

const PARTS = [
  '.sequelizerc',
  'package.json',
  'tsconfig.json',
  'backend/src',
  'backend/dist',
  ...PACKAGES.flatMap((name) =>
    ['package.json', 'bin.js', 'sequelizerc.js', 'bootstrap', 'src', 'dist'].map(
      (part) => `packages/${name}/${part}`,
    ),
  ),
];

interface CopyOptions {
  /** Paths to leave out. */
  readonly without?: readonly string[];
  /** Paths to copy as well. */
  readonly with?: readonly string[];
  /** Which of the packages that are installed here are installed there. */
  readonly isInstalled?: (name: string) => boolean;
}

/** A copy of this project in a folder of its own, for tests that edit its files or use its embedded server. */
export function copyProject({
  without = [],
  with: others = [],
  isInstalled = () => true,
}: CopyOptions = {}): string {
  // Every user may pass through: as root, the embedded server runs as another one.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-copy-'));
  fs.chmodSync(folder, 0o755);
  copies.push(folder);
  const isLeftOut = (part: string) => without.some((path) => part === path || part.startsWith(`${path}/`));
  for (const part of [...PARTS, ...others].filter((candidate) => !isLeftOut(candidate))) {
    const original = path.join(ROOT, part);
    if (fs.existsSync(original)) fs.cpSync(original, path.join(folder, part), { recursive: true });
  }
  linkModules(folder, isInstalled);
  return folder;
}

/**
 * Gives a copy the `node_modules` of this project: links to what is installed, but for this repository's own packages,
 * which are the copy's.
 */
function linkModules(copy: string, isInstalled: (name: string) => boolean): void {
  const [installed, modules] = [path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules')];
  fs.mkdirSync(modules);
  for (const name of namesIn(installed).filter((candidate) => isInstalled(candidate))) {
    fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    fs.symlinkSync(path.join(installed, name), path.join(modules, name));
  }
  for (const name of PACKAGES.filter((candidate) => isInstalled(candidate))) {
    fs.symlinkSync(path.join('..', 'packages', name), path.join(modules, name));
  }
  fs.cpSync(path.join(installed, '.bin'), path.join(modules, '.bin'), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** The packages that are installed in a folder, `@scope/name` included, but this repository's own. */
function namesIn(installed: string): string[] {
  const entries = fs
    .readdirSync(installed)
    .filter((name) => !name.startsWith('.') && !PACKAGES.includes(name));
  return entries.flatMap((name) =>
    name.startsWith('@')
      ? fs.readdirSync(path.join(installed, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
}

/** Removes the copies that this test file has made: for `afterAll`. */
export function removeCopies(): void {
  for (const folder of copies.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}
