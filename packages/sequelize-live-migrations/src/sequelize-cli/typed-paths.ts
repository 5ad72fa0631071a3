import fs from 'node:fs';
import path from 'node:path';
import { type CommandLine, FOLDERS } from './command-line';
import { UsageError } from './errors';
import { type Project, withFolder } from './project';

/**
 * The project as the command line describes it: `--migrations-path` and `--seeders-path` name other folders than
 * `.sequelizerc` does, and all that is checked and logged has to be about those.
 *
 * @throws UsageError for a folder that is not named, named twice or not there, and for `--config`, with which nothing of
 *   this package would run
 */
export function withTypedPaths(project: Project, { name: command, options }: CommandLine): Project {
  if (options.some(({ name }) => name === 'config')) {
    throw new UsageError(
      '--config names another config module, with which the migrations would run without the lock of a run and without ' +
        'any check. Nothing was changed. Name it in .sequelizerc (config), or the database with DATABASE_URL or --url.',
    );
  }
  const typed: Partial<Record<'migrations' | 'seeders', string>> = {};
  for (const { name, value } of options) {
    const kind = FOLDERS[name];
    if (kind === undefined) continue;
    if (!value) throw new UsageError(`--${name} needs the path of a folder. Nothing was changed.`);
    if (typed[kind] !== undefined) throw new UsageError(`--${name} is given twice. Nothing was changed.`);
    typed[kind] = path.resolve(value);
    // The generators make the folder.
    if (command.startsWith('db:') && !fs.existsSync(value))
      throw new UsageError(`There is no folder ${value}, which --${name} names. Nothing was changed.`);
  }
  return Object.entries(typed).reduce(
    (changed, [kind, folder]) => withFolder(changed, kind, folder),
    project,
  );
}
