import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Change } from '../vocabulary';
import type { Migration } from '../run';
import { migrationNameOf } from '../session';
import { UsageError } from './errors';
import type { Project } from './project';

/** The names of all migrations of a project, as in the migration log, in order. */
export function migrationNames({ migrations }: Project): string[] {
  const files = fs.readdirSync(migrations.compiled).filter((file) => file.endsWith('.js'));
  return files.map(migrationNameOf).sort();
}

/**
 * Checks what is in the folders of the migrations, since sequelize-cli takes every file with a certain ending for a
 * migration, and silently ignores all others.
 *
 * @throws UsageError with the names of what is no migration
 */
export function assertOnlyMigrations({ migrations: { sources, compiled } }: Project): void {
  if (sources !== compiled) assertOnly(sources, /^(\d[\w-]*\.ts|README\.md)$/, '.ts');
  assertOnly(compiled, /^(\d[\w-]*\.js|README\.md)$/, '.js');
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
  for (const name of names) {
    const methods = ['up', 'down'] as const;
    const missing = methods.filter((method) => typeof methodOf(project, name, method) !== 'function');
    if (missing.length === 0) continue;
    throw new UsageError(
      `${name} does not export ${missing.join(' and ')}: write "export = migration(__filename, { up(schema) { … } })". ` +
        'Nothing was changed.',
    );
  }
}

/**
 * The changes that a migration declares, as data.
 *
 * @throws UsageError for one that declares none, because its `up` was written by hand
 */
export function changesOf(project: Project, name: string): readonly Change[] {
  const changes = declaredChangesOf(project, name);
  if (changes) return changes;
  throw new UsageError(`${name} does not declare its changes: what it does is only known when it runs.`);
}

/** The changes that a migration declares; undefined where its `up` was written by hand. */
export function declaredChangesOf(project: Project, name: string): readonly Change[] | undefined {
  const exported = exportsOf(project, name);
  return isMigration(exported) ? exported.changes.up : undefined;
}

/** The `up` or `down` that a migration exports. */
export function methodOf(project: Project, name: string, method: 'up' | 'down'): unknown {
  const exported = exportsOf(project, name);
  return typeof exported === 'object' && exported !== null ? Reflect.get(exported, method) : undefined;
}

function exportsOf({ migrations }: Project, name: string): unknown {
  return createRequire(__filename)(path.join(migrations.compiled, name));
}

function isMigration(exported: unknown): exported is Migration {
  return typeof exported === 'object' && exported !== null && 'changes' in exported;
}
