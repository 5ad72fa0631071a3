import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Intent } from '../schema/intents';
import type { Migration } from '../schema/migration';
import { recordedName } from '../schema/runner';
import { UsageError } from './errors';

const COMPILED = path.join(__dirname, '../migrations');
const SOURCES = path.join(__dirname, '../../src/migrations');

/** The names of all migrations of this checkout, as they are recorded, in order. */
export function migrationNames(): string[] {
  const files = fs.readdirSync(COMPILED).filter((file) => /\.[jt]s$/.test(file)); // .ts where this runs uncompiled
  return files.map(recordedName).sort();
}

/**
 * sequelize-cli takes every file with a certain ending for a migration, and passes over every other file and
 * folder without a word.
 *
 * @throws UsageError naming what does not belong there
 */
export function assertOnlyMigrations(): void {
  assertOnly(SOURCES, /^(\d[\w-]*\.ts|README\.md)$/, '.ts');
  assertOnly(COMPILED, /^\d[\w-]*\.js$/, '.js');
}

function assertOnly(folder: string, pattern: RegExp, ending: string): void {
  if (!fs.existsSync(folder)) return; // an image without sources
  const strays = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile() || !pattern.test(entry.name))
    .map(({ name }) => path.join(path.relative(process.cwd(), folder), name));
  if (strays.length === 0) return;
  throw new UsageError(
    `In the folder of the migrations there is what is none: ${strays.join(', ')}. A migration is one file whose ` +
      `name begins with its date and ends in ${ending}. Nothing was changed. Move it elsewhere, or give it a name.`,
  );
}

/**
 * Looks whether the modules are migrations before the first of them is run.
 *
 * @throws UsageError naming the first that is not
 */
export function assertExports(names: readonly string[]): void {
  for (const name of names) {
    const exported = exportsOf(name);
    const missing = ['up', 'down'].filter((method) => !hasMethod(exported, method));
    if (missing.length === 0) continue;
    throw new UsageError(
      `${name} does not export ${missing.join(' and ')}: write "export = migration(__filename, { up(schema) { … } })". ` +
        'Nothing was changed.',
    );
  }
}

/**
 * What a migration states, as data.
 *
 * @throws UsageError for one that states nothing, because somebody wrote its `up` by hand
 */
export function intentsOf(name: string): readonly Intent[] {
  const exported = exportsOf(name);
  if (isMigration(exported)) return exported.intents.up;
  throw new UsageError(`${name} does not state what it wants: what it will do is only known when it is run.`);
}

function exportsOf(name: string): unknown {
  return createRequire(__filename)(path.join(COMPILED, name));
}

function isMigration(exported: unknown): exported is Migration {
  return typeof exported === 'object' && exported !== null && 'intents' in exported;
}

function hasMethod(exported: unknown, method: string): boolean {
  return (
    typeof exported === 'object' && exported !== null && typeof Reflect.get(exported, method) === 'function'
  );
}
