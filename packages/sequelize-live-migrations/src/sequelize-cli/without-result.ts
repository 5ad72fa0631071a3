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
