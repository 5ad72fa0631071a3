import { Sequelize } from 'sequelize';
import type { TestDatabase } from './database';

/** Sequelize makes enum types in `public`, whatever the search_path. Here they are where its tables are. */
const MOVE_ENUMS = `DO $$ DECLARE its regtype; BEGIN
  FOR its IN SELECT oid::regtype FROM pg_type
    WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace AND current_schema() <> 'public'
  LOOP EXECUTE format('ALTER TYPE %s SET SCHEMA %I', its, current_schema()); END LOOP;
END $$`;

/** Has Sequelize's `sync()` create the tables of models. */
export async function syncModels(
  { url }: TestDatabase,
  define: (sequelize: Sequelize) => void,
): Promise<void> {
  const sequelize = new Sequelize(url, { logging: false });
  try {
    define(sequelize);
    await sequelize.sync();
    await sequelize.query(MOVE_ENUMS);
  } finally {
    await sequelize.close();
  }
}
