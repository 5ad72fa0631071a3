import { migrationNameOf } from '../session';
import { changesLog, type Command } from './command';
import { UsageError } from './errors';
import { assertExports, assertUndoable } from './migration-modules';
import { migrationNames } from './migrations-folder';
import type { Project } from './project';

/**
 * Compares the migration log with the migrations of this checkout, once, before a command changes anything, and prints
 * what to know about the difference.
 *
 * @param logged the names in the migration log
 * @returns whether there is anything to do
 * @throws UsageError where this checkout cannot do what the command is to do
 */
export function preCheck(command: Command, project: Project, logged: readonly string[]): boolean {
  const names = migrationNames(project);
  const foreign = logged.filter((name) => !names.includes(name));
  if (foreign.length > 0) {
    console.warn(
      `WARNING: The database has run migrations that this checkout does not have: ${foreign.join(', ')}. ` +
        'Most likely a newer release has migrated it. They are left as they are.',
    );
    const pending = names.filter((name) => !logged.includes(name));
    for (const [before, now] of perhapsRenamed(foreign, pending)) {
      console.warn(
        `WARNING: ${now} has not run, by that name; is it ${before}, renamed? It would run once more: give it back the ` +
          'name that it had, or correct the name in the migration log.',
      );
    }
  }
  if (!changesLog(command)) return true;
  if (command.name === 'db:migrate') {
    noticePending(command, project, logged);
    return true;
  }
  const { name } = command.migrations;
  if (name !== undefined && !logged.includes(name)) {
    console.log(`${name} has not run, or is undone already.`);
    return false;
  }
  const undone = toUndo(command, logged);
  refuseToUndo(undone.filter((migration) => foreign.includes(migration)));
  assertUndoable(project, undone);
  return true;
}

/** Migrations that are logged and not here, each with one that is here, not logged, and differs only in its date. */
function perhapsRenamed(foreign: readonly string[], pending: readonly string[]): [string, string][] {
  const said = (name: string) => migrationNameOf(name).replace(/^[\d_-]+/, '');
  return foreign.flatMap((before) => {
    const now = pending.find((name) => said(name) === said(before));
    return now === undefined ? [] : [[before, now]];
  });
}

function noticePending({ migrations }: Command, project: Project, logged: readonly string[]): void {
  const pending = migrationNames(project).filter((name) => !logged.includes(name));
  assertExports(project, pending);
  const { to } = migrations;
  if (to !== undefined && logged.includes(to)) console.log(`${to} has run already.`);
  const last = logged.at(-1) ?? '';
  const early = pending.filter((name) => name < last);
  if (early.length > 0) {
    console.log(`Pending, though ${last} has run already: ${early.join(', ')}`);
  }
}

/** The migrations that a command undoes: without `--name`, the last one, or all of them down to `--to`. */
function toUndo({ name: command, migrations }: Command, logged: readonly string[]): readonly string[] {
  const { name, to = '' } = migrations;
  if (!command.startsWith('db:migrate:undo')) return [];
  if (name !== undefined) return [name];
  return command.endsWith(':all') ? logged.filter((migration) => migration >= to) : logged.slice(-1);
}

/** @throws UsageError where this checkout does not have what is to be undone */
function refuseToUndo(missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new UsageError(
    `This checkout cannot undo ${missing.join(', ')}, which it does not have: use the checkout or the image of the ` +
      'release that has it. Nothing was changed. A migration that this checkout has can be undone by its name: ' +
      'npx sequelize-cli db:migrate:undo --to NAME',
  );
}
