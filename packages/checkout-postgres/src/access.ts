import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { types } from 'node:util';
import { hasCode } from './system';

/**
 * Works on the files of a server. Where this user may not read or write them, the file system's own words do not say whose
 * they are, nor what to do.
 *
 * @param folder the folder of the server's files
 * @throws the same error, in one line with both
 */
export async function withFilesIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const words = types.isNativeError(error) ? error.message : String(error);
    const uid = fs.statSync(folder, { throwIfNoEntry: false })?.uid;
    if (hasCode(error, 'EACCES', 'EPERM') && uid !== undefined && uid !== process.geteuid?.()) {
      throw new Error(
        `${words}. The embedded PostgreSQL in ${folder} belongs to the user ${nameOf(uid)}, and this is ` +
          `${nameOf(process.geteuid?.() ?? uid)}. Nothing was done. Run the command as that user, or set DATABASE_URL.`,
      );
    }
    // Of a file system that is read-only, Node.js says of a folder to be made that its parent is not there.
    const cannotMake = hasCode(error, 'ENOENT') && uid === undefined && fs.existsSync(path.dirname(folder));
    if (!cannotMake && !hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    throw new Error(
      `${words}. The files of the embedded PostgreSQL cannot be written in ${folder}. Nothing was done. ` +
        'Run the command where they can, or set DATABASE_URL.',
    );
  }
}

/** `ann`, or the number of a user without a name. */
function nameOf(uid: number): string {
  return spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' }).stdout.trim() || String(uid);
}
