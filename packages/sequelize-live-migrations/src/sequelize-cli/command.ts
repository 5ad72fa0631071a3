/** The sequelize-cli command that this process runs, as preflight has read it. */
export interface Command {
  readonly name: string;
  /** `--to`, `--from` and `--name`, where they were given: names of migrations, as they are recorded. */
  readonly migrations: Readonly<Record<string, string>>;
}

let current: Command = { name: '', migrations: {} };

export function rememberCommand(command: Command): void {
  current = command;
}

export function currentCommand(): Command {
  return current;
}

/** Whether a command changes what the record says, and so must be the only one at work. */
export function changesLog({ name }: Command): boolean {
  return /^db:migrate(:undo(:all)?|:schema:timestamps:add)?$/.test(name);
}
