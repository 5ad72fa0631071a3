import { createRequire } from 'node:module';
import path from 'node:path';
import { UsageError } from './errors';
import type { Project } from './project';

/**
 * Checks that the migrations of a project and this package load the same Sequelize. With another copy of it, be it of the
 * same version, `literal('now()')` of a migration would be any object to this package, and its text a default like any other.
 *
 * @throws UsageError with both places
 */
export function assertOneSequelize({ migrations }: Project): void {
  const theirs = resolvedFrom(path.join(migrations.compiled, 'migration.js'));
  const ours = resolvedFrom(__filename);
  if (theirs === undefined || theirs === ours) return;
  throw new UsageError(
    `The migrations load Sequelize from ${theirs}, and sequelize-live-migrations loads it from ${String(ours)}: what one ` +
      'of them makes, such as literal(…), is not known to the other. Nothing was done. Install one for both: ' +
      '"npm ls sequelize" says who needs which version, and "npm dedupe" leaves one where it can.',
  );
}

/** The folder of the Sequelize that a module loads; undefined where it finds none. */
function resolvedFrom(file: string): string | undefined {
  try {
    return path.dirname(createRequire(file).resolve('sequelize/package.json'));
  } catch {
    return undefined; // a message of Node.js's says so when it is loaded
  }
}
