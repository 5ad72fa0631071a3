import { check } from '../schema/check';
import { describe } from '../schema/compare';
import { SQLSTATE, sqlStateOf } from '../schema/errors';
import { inspect } from '../schema/inspect';
import { runDatabaseTask } from './database-task';
import { statedBy } from './stated-by-models';

/** `npm run db:check`: does this database match the models? One line that it does, or one for each difference. */
runDatabaseTask(async (run) => {
  const models = Object.values(run.sequelize.models);
  const inspection = await inspect(run, statedBy(models), { ofRows: false }).catch((error: unknown) => {
    throw MAY_NOT_COMPARE.includes(sqlStateOf(error) ?? '') ? mayNotCompare(error) : error;
  });
  const { database, schema } = inspection.live;
  const differences = check(inspection);
  for (const difference of differences) console.log(describe(difference));
  if (differences.length > 0) process.exitCode = 1;
  else console.log(`Database ${database}, schema ${schema}, matches the ${String(models.length)} models.`);
});

const MAY_NOT_COMPARE: readonly string[] = [SQLSTATE.insufficientPrivilege, SQLSTATE.readOnlyTransaction];

function mayNotCompare(cause: unknown): Error {
  return new Error(
    'To compare, PostgreSQL makes the wanted tables as temporary ones, which vanish again at once. The role needs ' +
      'the right to that (GRANT TEMPORARY ON DATABASE … TO …), on a server that may write: not on a standby, and ' +
      'not with default_transaction_read_only.',
    { cause },
  );
}
