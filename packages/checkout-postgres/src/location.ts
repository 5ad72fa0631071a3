import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** An operating system user. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Where a server's files are, and who runs it. */
export interface Location {
  /** Holds the binaries, the cluster and the log. Private to `runAs`. */
  readonly folder: string;
  /** Whom to run as; undefined for whoever runs this, which is everybody but root. */
  readonly runAs?: User;
  /** The folder of the package of binaries, for another PostgreSQL than the one that `npm ci` installs. */
  readonly package?: string | undefined;
}

const isRoot = () => process.getuid?.() === 0;

/**
 * Where the server of a checkout belongs: in `folder`, or, when root is at work and the user who is to run
 * the server cannot enter the checkout (PostgreSQL refuses to run as root), under `/var/lib`.
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

/** A location in a folder of its own, for a server that is thrown away. */
export function locationIn(folder: string): Location {
  return isRoot() ? { folder, runAs: ordinaryOwner(folder) ?? unprivilegedUser() } : { folder };
}

function ordinaryOwner(folder: string): User | undefined {
  const { uid, gid } = fs.statSync(folder);
  // PostgreSQL does not run as a user without an entry in passwd, such as a bind mount may belong to.
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
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? undefined : { uid, gid };
}

/** Asked of the system itself: only it knows of groups, access lists and the folders above. */
function canEnter({ uid, gid }: User, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;
}

/** Makes a folder that only the server's user can enter. */
export function makePrivateFolder(folder: string, { runAs }: Location): void {
  // Its parents are made for everybody to pass through, whatever root's umask is.
  const made = fs.mkdirSync(folder, { recursive: true });
  if (made !== undefined && made !== folder) fs.chmodSync(path.dirname(folder), 0o755);
  giveTo(runAs, folder);
  fs.chmodSync(folder, 0o700);
}

export function giveTo(user: User | undefined, file: string): void {
  if (user) fs.lchownSync(file, user.uid, user.gid);
}
