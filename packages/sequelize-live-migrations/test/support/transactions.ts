import type { TestDatabase } from './database';
import { migrateUp, NAME, plainProject, upAndDown } from './plain-project';

/**
 * Runs a migration, in which `add` inserts a row into `pets`, `nested` is a transaction in a transaction, `back` throws, and
 * `caught` catches that. @returns the rows that are there after it
 */
export async function idsAfter(database: TestDatabase, up: string, transaction = 'true'): Promise<unknown[]> {
  const text = upAndDown(`
    const add = (id, transaction) => sql('INSERT INTO pets VALUES (' + id + ')', { transaction });
    const nested = (transaction, work) => q.sequelize.transaction({ transaction }, work);
    const back = () => { throw new Error('back'); };
    const caught = (promise) => promise.catch(({ message }) => { if (message !== 'back') throw new Error(message); });
    ${up}`);
  await migrateUp(
    plainProject({ [NAME]: `${text}\nmodule.exports.transaction = ${transaction};` }),
    database,
  );
  const rows = await database.query('SELECT id FROM pets ORDER BY id');
  return rows.map(({ id }) => id);
}
