import path from 'node:path';

/**
 * Has the process fail where it just ends, with nothing left to wait for: then a promise was never settled. A command that
 * succeeds ends with `process.exit`, or calls what is returned.
 */
export function failWithoutResult(): () => void {
  const fail = () => {
    console.error(
      'ERROR: The command stopped in the middle, because a migration has returned a promise that never settles. ' +
        'What it had in an open transaction was rolled back. See "npx sequelize-cli db:migrate:status".',
    );
    process.exit(1);
  };
  process.once('beforeExit', fail);
  return () => process.off('beforeExit', fail);
}

/**
 * Has the process fail where a module ends it while it is loaded, with an exit code that would say that all is done.
 *
 * @param files those that are loaded now
 * @returns what to call when they are loaded
 */
export function failIfLoadingExits(files: readonly string[]): () => void {
  const fail = (code: number) => {
    const { stack = '' } = new Error();
    const calling = files.find((loaded) => stack.includes(loaded));
    if (code !== 0 && calling === undefined) return; // this package itself has said why
    const file = calling ?? files[0] ?? '';
    console.error(
      `ERROR: ${path.basename(file)} cannot be loaded: it calls process.exit, which ends this command. Nothing was changed.`,
    );
    process.exitCode = 1;
  };
  process.once('exit', fail);
  return () => process.off('exit', fail);
}
