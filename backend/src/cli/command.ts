/** The sequelize-cli command that this process runs, as preflight has read it. */
let current = '';

export function rememberCommand(command: string): void {
  current = command;
}

/** Whether it changes what the record says, and so must be the only one at work. */
export function changesTheRecord(): boolean {
  return /^db:migrate(:undo(:all)?|:schema:timestamps:add)?$/.test(current);
}
