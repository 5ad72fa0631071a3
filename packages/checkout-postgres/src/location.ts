import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** An operating system user. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Where the files of a server are, and which user runs it. */
export interface Location {
  /** The folder of the binaries, the cluster and the log, which only `runAs` can read. */
  readonly folder: string;
  /** The user to run the server as; undefined for the current user, unless that is root. */
  readonly runAs?: User;
  /** The folder of the package with the binaries, for another PostgreSQL than the one that `npm ci` installs. */
  readonly package?: string | undefined;
}

const isRoot = () => process.getuid?.() === 0;

/**
 * The location for the server of a checkout: `folder`. For root, another user has to run the server, because PostgreSQL
 * refuses to run as root; where that user cannot enter the checkout, the location is under `/var/lib`.
 *
 * @param checkout absolute path of the checkout
 * @param folder the server's folder in it
 * @param name the project's name, for the folder under `/var/lib`
 */
export function locationOf(checkout: string, folder: string, name: string): Location {
  if (!isRoot()) return { folder };
  const hash = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  const outside = path.join('/var/lib', name, hash);
  const existing = [folder, outside].find((candidate) => fs.existsSync(candidate));
  const owner = existing === undefined ? undefined : ordinaryOwner(existing);
  if (existing !== undefined && owner) return { folder: existing, runAs: owner };
  const runAs = ordinaryOwner(checkout) ?? unprivilegedUser();
  return { folder: canEnter(runAs, path.dirname(folder)) ? folder : outside, runAs };
}

/** A location in any folder, for a server that is deleted after use. */
export function locationIn(folder: string): Location {
  return isRoot() ? { folder, runAs: ordinaryOwner(folder) ?? unprivilegedUser() } : { folder };
}

function ordinaryOwner(folder: string): User | undefined {
  const { uid, gid } = fs.statSync(folder);
  // PostgreSQL does not run as a user without an entry in passwd, such as the owner of a bind mount may be.
  return uid === 0 || !lookUp(String(uid)) ? undefined : { uid, gid };
}

function unprivilegedUser(): User {
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (user) return user;
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as. ' +
      'Run the command as another user, or set DATABASE_URL.',
  );
}

function lookUp(name: string): User | undefined {
  const id = (flag: string) =>
    Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10);
  const uid = id('-u');
  const gid = id('-g');
  return Number.isNaN(uid) || Number.isNaN(gid) ? undefined : { uid, gid };
}

/** Tried in a process of that user, because groups, access lists and the folders above matter as well. */
function canEnter({ uid, gid }: User, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;
}

/** Creates a folder that only the server's user can enter. */
export function makePrivateFolder(folder: string, { runAs }: Location): void {
  // Everybody may pass through a parent that is created with it, whatever root's umask is.
  const made = fs.mkdirSync(folder, { recursive: true });
  if (made !== undefined && made !== folder) fs.chmodSync(path.dirname(folder), 0o755);
  giveTo(runAs, folder);
  fs.chmodSync(folder, 0o700);
}

/** Makes a user the owner of a file. */
export function giveTo(user: User | undefined, file: string): void {
  if (user) fs.lchownSync(file, user.uid, user.gid);
}
