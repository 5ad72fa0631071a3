import fs from 'node:fs';
import path from 'node:path';
import { createTestDatabase } from 'sequelize-live-migrations/testing';
import {
  createDatabase,
  remember,
  type TestDatabase,
} from '../../../packages/sequelize-live-migrations/test/support/database';

export * from '../../../packages/sequelize-live-migrations/test/support/database';

/** A new database after `db:migrate`. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  return remember(await createTestDatabase());
}

/** A new database with the tables and rows of `fixtures/databases/NAME.sql`. */
export async function createDatabaseLike(dump: string): Promise<TestDatabase> {
  const database = await createDatabase();
  await database.query(fs.readFileSync(path.join(__dirname, '../fixtures/databases', `${dump}.sql`), 'utf8'));
  return database;
}
