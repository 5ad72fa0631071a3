import { distance } from 'fastest-levenshtein';
import { migrationNameOf } from '../session';
import { UsageError } from './errors';
import { migrationNames } from './migrations-folder';
import type { Project } from './project';

const SUGGESTIONS = 3;

/**
 * The migration that is meant by what was typed: its name without an ending, with that of the compiled file or of the
 * source, or a path to it. Not a part of the name, though sequelize-cli accepts a prefix for the first name that begins
 * with it.
 *
 * @throws UsageError for anything else, with the nearest names
 */
export function migrationMeantBy(project: Project, option: string, typed: string | undefined): string {
  const names = migrationNames(project);
  if (!typed) {
    throw new UsageError(`--${option} needs the name of a migration. There are:\n${list(names)}`);
  }
  const meant = migrationNameOf(typed.replaceAll('\\', '/'));
  const found = names.find((name) => [meant, `${meant}.js`].includes(migrationNameOf(name)));
  if (found !== undefined) return found;
  const stem = meant.replace(/\.js$/, '');
  const distanceTo = (name: string) => (name.includes(stem) ? 0 : distance(name, meant));
  const nearest = [...names].sort((a, b) => distanceTo(a) - distanceTo(b));
  throw new UsageError(
    `There is no migration ${typed} in this checkout. Nothing was changed. Perhaps you mean:\n` +
      list(nearest.slice(0, SUGGESTIONS)),
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => `  ${name}`).join('\n');
}

/** The names of the files of migrations that are logged, whatever ending they had when they ran. */
export function namesOfLogged(project: Project, logged: readonly string[]): string[] {
  const files = new Map(migrationNames(project).map((name) => [migrationNameOf(name), name]));
  return logged.map((name) => files.get(migrationNameOf(name)) ?? name);
}

/** The same for one of them. */
export function nameOfLogged(project: Project, logged: string): string {
  const [name = logged] = namesOfLogged(project, [logged]);
  return name;
}
