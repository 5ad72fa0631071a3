import type { Model, ModelStatic } from 'sequelize';
import { check as differencesIn, describe } from '../plan';
import { SQLSTATE, sqlStateOf } from '../postgres';
import { inspect, type Run } from '../run';
import { modelsOf, type Command } from './command';
import { declaredBy } from './declared-by-models';

/** Does the configured database match the models? One line that it does, or one for each difference. */
export const check: Command = {
  parameters: [],
  async work({ project, run }) {
    const models = modelsOf(project);
    const { database, schema, differences } = await compareWithModels(run, models);
    for (const difference of differences) console.log(difference);
    if (differences.length > 0) process.exitCode = 1;
    else console.log(`Database ${database}, schema ${schema}, matches the ${String(models.length)} models.`);
  },
};

/** Where the tables are, and a line for each way in which they differ from what models declare. */
export async function compareWithModels(run: Run, models: readonly ModelStatic<Model>[]) {
  const inspection = await inspect(run, declaredBy(models), { ofRows: false }).catch((error: unknown) => {
    throw MAY_NOT_COMPARE.includes(sqlStateOf(error) ?? '') ? mayNotCompare(error) : error;
  });
  const { database, schema } = inspection.live;
  return { database, schema, differences: differencesIn(inspection).map(describe) };
}

const MAY_NOT_COMPARE: readonly string[] = [SQLSTATE.insufficientPrivilege, SQLSTATE.readOnlyTransaction];

function mayNotCompare(cause: unknown): Error {
  return new Error(
    'To compare, PostgreSQL makes the wanted tables as temporary ones, which vanish again at once. The role needs ' +
      'the right to that (GRANT TEMPORARY ON DATABASE … TO …), on a server that may write: not on a standby, and ' +
      'not with default_transaction_read_only.',
    { cause },
  );
}
