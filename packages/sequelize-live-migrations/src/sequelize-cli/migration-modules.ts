import fs from 'node:fs';
import path from 'node:path';
import type { Migration } from '../migration';
import type { Change } from '../vocabulary';
import { UsageError } from './errors';
import { exportedBy, importModules, whyNotLoaded } from './load-migration';
import { migrationNames } from './migrations-folder';
import { describePlain, exportedValue, isForUmzug3, ownersOf } from './plain-migration';
import type { Project } from './project';

// What the modules of a project's migrations export.

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
  return describePlain(moduleOf(project, name), methodOf(project, name, method));
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
      `${name} cannot be loaded: ${reason}. Nothing was changed.${adviceOn(project, reason, file)}`,
    );
  }
}

export function fileOf({ migrations }: Project, name: string): string {
  return path.join(migrations.compiled, name);
}

/** What to do about a file that Node.js takes for something else than it is. */
function adviceOn({ migrations }: Project, reason: string, file: string): string {
  const isTypeScript = file.endsWith('ts');
  if (isTypeScript && !stripsTypes())
    return ' Node.js runs TypeScript by itself from 22.18 on; otherwise "typescript" in .sequelizerc has it compiled.';
  if (isTypeScript && /strip-only|parameter property|\benum\b/.test(reason))
    return ' Node.js only leaves types out: write it without that, or "typescript" in .sequelizerc has it compiled.';
  if (/Unexpected token 'export'|import statement outside a module/.test(reason))
    return ` Node.js takes it for CommonJS: have its name end in .m${isTypeScript ? 'ts' : 'js'}, or write module.exports.`;
  if (!/\bES [Mm]odule/.test(reason)) return '';
  if (/^\s*(import|export)\b/m.test(fs.readFileSync(file, 'utf8'))) {
    return (
      ' It has import or export, and so is an ES module: write import, export default and import.meta.filename ' +
      'throughout; or require, module.exports and __filename.'
    );
  }
  const manifest = path.join(path.relative(process.cwd(), path.dirname(file)), 'package.json');
  const byName = migrations.sources === migrations.compiled ? 'have its name end in .cjs; or, ' : '';
  return (
    ` Node.js takes it for an ES module: ${byName}where all in that folder are CommonJS, ` +
    `write { "type": "commonjs" } into ${manifest}.`
  );
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
