import fs from 'node:fs';
import path from 'node:path';
import { migrationNameOf } from '../session';
import { UsageError } from './errors';
import type { Folder, Project } from './project';

/** What sequelize-cli takes for a migration, and ES modules, which it passes over: but for declarations of types. */
export const MIGRATION = /^(?!.*\.d\.[cm]?ts$)[^.].*\.[cm]?[jt]s$/;

/** The names of the files of all migrations of a project, in order; none where it has no folder yet. */
export function migrationNames({ migrations: { compiled } }: Pick<Project, 'migrations'>): string[] {
  const files = fs.existsSync(compiled) ? fs.readdirSync(compiled) : [];
  return files.filter((file) => MIGRATION.test(file)).sort();
}

/**
 * Checks that a folder of migrations or seeders is there, since sequelize-cli and umzug would fail with an error of the
 * file system. Where the sources are there and nothing of them is compiled, because they are none, it is created.
 *
 * @param first the command that writes the first file of the folder
 * @throws UsageError where it is not there: a deployment must not pass over all migrations because of a misspelt name
 */
export function assertFolder({ sources, compiled }: Folder, first: string): void {
  if (fs.existsSync(compiled)) return;
  if (sources !== compiled && fs.existsSync(sources)) {
    fs.mkdirSync(compiled, { recursive: true });
    return;
  }
  throw new UsageError(
    `There is no folder ${path.relative(process.cwd(), sources)}, which .sequelizerc names. Nothing was changed. ` +
      `Correct the name, or write the first file: npx sequelize-cli ${first}`,
  );
}

/** @throws UsageError where `db:migrate` would begin with one: for what says what that would do */
export function assertMigrations(project: Project): void {
  assertFolder(project.migrations, FIRST_MIGRATION);
  assertOnlyMigrations(project);
}

/** What writes the first migration of a project. */
export const FIRST_MIGRATION = 'migration:generate --name create-…';

/**
 * Checks what is in the folders of the migrations, since sequelize-cli takes every file with a certain ending for a
 * migration, and silently ignores all others.
 *
 * @throws UsageError with the names of what is no migration
 */
export function assertOnlyMigrations({
  migrations: { sources, compiled },
}: Pick<Project, 'migrations'>): void {
  if (sources === compiled) {
    assertDistinct(migrationNames({ migrations: { sources, compiled } }));
    return;
  }
  assertOnly(sources, /^(\d[\w-]*\.ts|README\.md)$/, '.ts');
  // A package.json there says that they are CommonJS, in a project of ES modules.
  assertOnly(compiled, /^(\d[\w-]*\.js|README\.md|package\.json)$/, '.js');
}

/** @throws UsageError for two files of one name, such as a source and what is compiled from it: each would run */
function assertDistinct(names: readonly string[]): void {
  const twice = names.filter((name) => names.some((other) => other !== name && isSame(other, name)));
  if (twice.length === 0) return;
  throw new UsageError(
    `In the folder of the migrations there are several files for one migration: ${twice.join(', ')}. Nothing was ` +
      'changed. Keep one of them; where one is compiled from the other, have .sequelizerc name the folder of what is compiled.',
  );
}

function isSame(one: string, other: string): boolean {
  return migrationNameOf(one) === migrationNameOf(other);
}

function assertOnly(folder: string, pattern: RegExp, ending: string): void {
  if (!fs.existsSync(folder)) return; // an image without sources
  const strays = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile() || !pattern.test(entry.name))
    .map(({ name }) => path.join(path.relative(process.cwd(), folder), name));
  if (strays.length === 0) return;
  throw new UsageError(
    `In the folder of the migrations, these are not migrations: ${strays.join(', ')}. A migration is one file whose ` +
      `name begins with its date and ends in ${ending}. Nothing was changed. Move them elsewhere, or rename them.`,
  );
}
