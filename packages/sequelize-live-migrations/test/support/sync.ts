import { Sequelize } from 'sequelize';
import type { TestDatabase } from './database';

/** Has Sequelize's `sync()` create the tables of models. */
export async function syncModels(
  { url }: TestDatabase,
  define: (sequelize: Sequelize) => void,
): Promise<void> {
  const sequelize = new Sequelize(url, { logging: false });
  try {
    define(sequelize);
    await sequelize.sync();
  } finally {
    await sequelize.close();
  }
}
