import fs from 'node:fs';
import path from 'node:path';
import type { Change } from '../vocabulary';
import type { Migration } from '../migration';
import { migrationNameOf } from '../session';
import { UsageError } from './errors';
import { exportedBy, importModules, whyNotLoaded } from './load-migration';
import { descriptionOf as describe, exportedValue, isForUmzug3, ownersOf } from './plain-migration';
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

/**
 * Checks that modules are migrations which can be run, before the first of them is.
 *
 * @throws UsageError with the name of the first that is not
 */
export function assertExports(project: Project, names: readonly string[]): void {
  const { sources, compiled } = project.migrations;
  const begin = sources === compiled ? 'module.exports =' : 'export =';
  for (const name of names) {
    const up = methodOf(project, name, 'up');
    if (typeof up !== 'function') {
      throw new UsageError(
        `${name} does not export up: write "${begin} migration(__filename, { up(schema) { … } })". Nothing was changed.`,
      );
    }
    if (!isForUmzug3(up)) continue;
    throw new UsageError(
      `${name} is written for umzug 3, which calls up({ context }). sequelize-cli calls up(queryInterface, Sequelize): ` +
        'write "up: async (queryInterface) => { … }". Nothing was changed.',
    );
  }
}

/**
 * Checks that modules can be loaded and undone, before the first of them is undone.
 *
 * @throws UsageError with the name of the first that cannot
 */
export function assertUndoable(project: Project, names: readonly string[]): void {
  for (const name of names) {
    if (typeof methodOf(project, name, 'down') === 'function') continue;
    const later = names.filter((other) => other > name).sort();
    const others =
      later[0] === undefined ? '' : ` Those after it: npx sequelize-cli db:migrate:undo:all --to ${later[0]}`;
    throw new UsageError(
      `${name} does not export down, so it cannot be undone. Nothing was changed. Write in it what undoes it.${others}`,
    );
  }
}

/** The changes that a migration declares; undefined where its `up` was written by hand. */
export function declaredChangesOf(
  project: Project,
  name: string,
  direction: 'up' | 'down',
): readonly Change[] | undefined {
  const exported = declaredIn(moduleOf(project, name));
  return exported?.changes[direction];
}

/** The `up` or `down` that a migration exports. */
export function methodOf(project: Project, name: string, method: 'up' | 'down'): unknown {
  return exportedValue(moduleOf(project, name), method);
}

/** What is known of a plain migration before it runs. */
export function descriptionOf(project: Project, name: string, method: 'up' | 'down'): string[] {
  return describe(moduleOf(project, name), methodOf(project, name, method));
}

/** Calls the `up` or `down` that a module exports, as umzug does. */
export function callOf(exported: unknown, method: 'up' | 'down', params: readonly unknown[]): unknown {
  const found = exportedValue(exported, method);
  if (typeof found !== 'function') throw new Error(`It does not export ${method}`);
  return Reflect.apply(found, exported, params);
}

/** Loads the migrations that are ES modules, which can only be waited for. */
export async function importMigrations(project: Project): Promise<void> {
  await importModules(migrationNames(project).map((name) => fileOf(project, name)));
}

/**
 * What a migration exports.
 *
 * @throws UsageError with the name of the migration, because the error itself may say neither that nor where it is
 */
export function moduleOf(project: Project, name: string): unknown {
  const file = fileOf(project, name);
  try {
    return exportedBy(file);
  } catch (error) {
    const reason = whyNotLoaded(file, error);
    throw new UsageError(
      `${name} cannot be loaded: ${reason}. Nothing was changed.${adviceOn(reason, file)}`,
    );
  }
}

export function fileOf({ migrations }: Project, name: string): string {
  return path.join(migrations.compiled, name);
}

/** What to do about a file that Node.js takes for something else than it is. */
function adviceOn(reason: string, file: string): string {
  const isTypeScript = file.endsWith('ts');
  if (isTypeScript && !stripsTypes())
    return ' Node.js runs TypeScript by itself from 22.18 on; otherwise "typescript" in .sequelizerc has it compiled.';
  if (isTypeScript && /strip-only|parameter property|\benum\b/.test(reason))
    return ' Node.js only leaves types out: write it without that, or "typescript" in .sequelizerc has it compiled.';
  if (/Unexpected token 'export'|import statement outside a module/.test(reason))
    return ` Node.js takes it for CommonJS: have its name end in .m${isTypeScript ? 'ts' : 'js'}, or write module.exports.`;
  if (!/\bES [Mm]odule/.test(reason)) return '';
  const manifest = path.join(path.relative(process.cwd(), path.dirname(file)), 'package.json');
  return ` Migrations are CommonJS: write { "type": "commonjs" } into ${manifest}.`;
}

/** Whether this Node.js runs TypeScript without a compiler. */
function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}

/** The migration of this package that a module exports, if it does: one that declares its changes. */
export function declaredIn(exported: unknown): Migration | undefined {
  return ownersOf(exported).find(isDeclared);
}

function isDeclared(exported: unknown): exported is Migration {
  return typeof exported === 'object' && exported !== null && 'changes' in exported;
}
