import { changesLog, type Command } from './command';
import { UsageError } from './errors';
import { assertExports, migrationNames } from './migrations-folder';
import type { Project } from './project';

/**
 * What whoever typed the command should know before anything happens: said once, at the first look at the
 * record.
 *
 * @param logged the names in the record
 * @returns whether there is anything to do
 * @throws UsageError where the command asks for what this checkout cannot do
 */
export function preCheck(command: Command, project: Project, logged: readonly string[]): boolean {
  const names = migrationNames(project);
  const foreign = logged.filter((name) => !names.includes(name));
  if (foreign.length > 0) {
    console.warn(
      `WARNING: The database has run migrations that this checkout does not have: ${foreign.join(', ')}. ` +
        'It belongs to a newer version, most likely. They are left as they are.',
    );
  }
  if (!changesLog(command)) return true;
  if (command.name === 'db:migrate') {
    noticePending(command, project, logged);
    return true;
  }
  refuseToUndo(command, logged, foreign);
  const { name } = command.migrations;
  if (name === undefined || logged.includes(name)) return true;
  console.log(`${name} has not run, or is undone already.`);
  return false;
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

/** Without a name, the last one is meant, or all of them: whatever this checkout does not have among these. */
function refuseToUndo(
  { name, migrations }: Command,
  logged: readonly string[],
  foreign: readonly string[],
): void {
  if (migrations['name'] !== undefined) return;
  const from = migrations['to'] ?? '';
  const meant = name.endsWith(':all') ? logged.filter((one) => one >= from) : logged.slice(-1);
  const missing = meant.filter((one) => foreign.includes(one));
  if (missing.length === 0) return;
  throw new UsageError(
    `How to undo ${missing.join(', ')} only the version knows that has it: run this from its checkout or image. ` +
      'Nothing was changed. One that this checkout has can be undone by its name: ' +
      'npx sequelize-cli db:migrate:undo --to NAME',
  );
}
