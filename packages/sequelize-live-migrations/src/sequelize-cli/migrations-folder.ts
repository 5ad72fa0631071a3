import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { types } from 'node:util';
import { messageOf } from '../configuration';
import type { Change } from '../vocabulary';
import type { Migration } from '../run';
import { migrationNameOf } from '../session';
import { UsageError } from './errors';
import type { Folder, Project } from './project';

/** The names of all migrations of a project, as in the migration log, in order; none where it has no folder yet. */
export function migrationNames({ migrations: { compiled } }: Project): string[] {
  const files = fs.existsSync(compiled) ? fs.readdirSync(compiled) : [];
  return files
    .filter((file) => file.endsWith('.js'))
    .map(migrationNameOf)
    .sort();
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

/**
 * Checks what is in the folders of the migrations, since sequelize-cli takes every file with a certain ending for a
 * migration, and silently ignores all others.
 *
 * @throws UsageError with the names of what is no migration
 */
export function assertOnlyMigrations({ migrations: { sources, compiled } }: Project): void {
  if (sources !== compiled) assertOnly(sources, /^(\d[\w-]*\.ts|README\.md)$/, '.ts');
  // A package.json there says that they are CommonJS, in a project of ES modules.
  assertOnly(compiled, /^(\d[\w-]*\.js|README\.md|package\.json)$/, '.js');
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
 * Checks that modules are migrations, before the first of them runs.
 *
 * @throws UsageError with the name of the first that is not
 */
export function assertExports(project: Project, names: readonly string[]): void {
  const { sources, compiled } = project.migrations;
  const begin = sources === compiled ? 'module.exports =' : 'export =';
  for (const name of names) {
    const methods = ['up', 'down'] as const;
    const missing = methods.filter((method) => typeof methodOf(project, name, method) !== 'function');
    if (missing.length === 0) continue;
    throw new UsageError(
      `${name} does not export ${missing.join(' and ')}: write "${begin} migration(__filename, { up(schema) { … } })". ` +
        'Nothing was changed.',
    );
  }
}

/**
 * Checks that modules can be loaded, before the first of them runs.
 *
 * @throws UsageError with the name of the first that cannot
 */
export function assertLoadable(project: Project, names: readonly string[]): void {
  for (const name of names) exportsOf(project, name);
}

/** The changes that a migration declares; undefined where its `up` was written by hand. */
export function declaredChangesOf(
  project: Project,
  name: string,
  direction: 'up' | 'down',
): readonly Change[] | undefined {
  const exported = exportsOf(project, name);
  return isMigration(exported) ? exported.changes[direction] : undefined;
}

/** The `up` or `down` that a migration exports. */
export function methodOf(project: Project, name: string, method: 'up' | 'down'): unknown {
  const exported = exportsOf(project, name);
  return typeof exported === 'object' && exported !== null ? Reflect.get(exported, method) : undefined;
}

/** @throws UsageError with the name of the migration, because the error itself may say neither that nor where it is */
function exportsOf({ migrations }: Project, name: string): unknown {
  const file = path.join(migrations.compiled, name);
  try {
    return createRequire(__filename)(file);
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n'); // the next lines say who has required it
    throw new UsageError(
      `${name} cannot be loaded: ${reason.replace(/\.$/, '')}${placeIn(file, error)}. Nothing was changed.` +
        adviceOn(reason, file),
    );
  }
}

/** What to do in a project whose package.json makes ES modules of all files: migrations are CommonJS. */
function adviceOn(reason: string, file: string): string {
  if (!/\bES [Mm]odule/.test(reason)) return '';
  const manifest = path.join(path.relative(process.cwd(), path.dirname(file)), 'package.json');
  return ` Migrations are CommonJS: write { "type": "commonjs" } into ${manifest}.`;
}

/** ` (migrations/20250101-create-pets.js:7)`, where the stack of an error knows it. */
function placeIn(file: string, error: unknown): string {
  const stack = types.isNativeError(error) ? (error.stack ?? '') : '';
  const [, after = ''] = stack.split(`${file}:`);
  const line = Number.parseInt(after, 10);
  return line ? ` (${path.relative(process.cwd(), file)}:${String(line)})` : '';
}

function isMigration(exported: unknown): exported is Migration {
  return typeof exported === 'object' && exported !== null && 'changes' in exported;
}
