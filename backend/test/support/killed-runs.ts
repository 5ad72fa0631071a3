import { createDatabaseLike, type TestDatabase } from './database';
import { FIRST_FIVE_PROJECT, migrate } from './first-five';
import { recordsOf, schemaOf } from './schema';

/** All that a run which nobody disturbs leaves behind, on a database for which it has the most to do. */
export async function stateOf(database: TestDatabase) {
  const rows = await database.query('SELECT * FROM conversation_messages ORDER BY id');
  return { schema: await schemaOf(database), records: await recordsOf(database), rows };
}

export const IN_PROJECT = { cwd: FIRST_FIVE_PROJECT };
/** The database for which it has the most to do. */
export const DUMP = '3-created-by-sequelize-sync';

/** The same, for one of DUMP. */
export async function undisturbedState() {
  const database = await createDatabaseLike(DUMP);
  await migrate(database, (umzug) => umzug.up());
  return stateOf(database);
}
