/** The sequelize-cli command that this process runs, as preflight has parsed it. */
export interface Command {
  readonly name: string;
  /** The values of `--to`, `--from` and `--name`, where they were given: names of migrations, as in the migration log. */
  readonly migrations: Readonly<Record<string, string>>;
}

let current: Command = { name: '', migrations: {} };

export function rememberCommand(command: Command): void {
  current = command;
}

export function currentCommand(): Command {
  return current;
}

/** Whether a command changes the migration log, so that only one such command may run at a time. */
export function changesLog({ name }: Command): boolean {
  return /^db:migrate(:undo(:all)?|:schema:timestamps:add)?$/.test(name);
}

/** Whether a command is `migration:generate`, which has another name as well. */
export function generatesMigration(command: string): boolean {
  return /^migration:(generate|create)$/.test(command);
}

/** Whether migrations may run: also where this process is none of sequelize-cli, but one of a test or of `plan`. */
export function runsMigrations(command: Command): boolean {
  return command.name === '' || changesLog(command);
}
