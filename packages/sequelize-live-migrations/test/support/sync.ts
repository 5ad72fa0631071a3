import { Sequelize } from 'sequelize';
import type { TestDatabase } from './database';
import { SCHEMA } from './schema-name';

/** What gives the tables that `sync()` has created in `public` the schema of the tests. */
export const AFTER_SYNC =
  SCHEMA === 'public'
    ? 'SELECT'
    : `DROP SCHEMA ${SCHEMA}; ALTER SCHEMA public RENAME TO ${SCHEMA}; CREATE SCHEMA public`;

/**
 * Has Sequelize's `sync()` create the tables of models. It does so rightly only in `public`, which it takes for granted for
 * types and foreign keys: so there, and then that schema becomes the one of the tests.
 */
export async function syncModels(
  { url }: TestDatabase,
  define: (sequelize: Sequelize) => void,
): Promise<void> {
  const dialectOptions = { options: '-c search_path=public' };
  const sequelize = new Sequelize(url, { logging: false, dialectOptions });
  try {
    define(sequelize);
    await sequelize.sync();
    await sequelize.query(AFTER_SYNC);
  } finally {
    await sequelize.close();
  }
}
