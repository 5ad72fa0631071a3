import path from 'node:path';
import { migrate as migrateProject } from './migrator';
import { createDatabase, type TestDatabase } from './database';

// The migrations that this project began with, as a project of their own. Tests of what one of them does go by this
// project: a migration that comes later changes nothing in it.

export const BASELINE = '20250722-create-user-sessions-and-sections.js';
export const STATUS = '20250723-add-status-to-user-sessions.js';
export const VERSION = '20250723-add-version-to-sections.js';
export const MESSAGES = '20250723-create-conversation-messages.js';
export const ALIGN = '20250724-align-conversation-messages.js';

export const FIRST_FIVE: readonly string[] = [BASELINE, STATUS, VERSION, MESSAGES, ALIGN];

/** The folder in which sequelize-cli runs these five. */
export const FIRST_FIVE_PROJECT = path.join(__dirname, '../fixtures/first-five');

/** Runs them on a database, in this process. See `migrate` of migrator.ts. */
export function migrate(
  database: TestDatabase,
  work: Parameters<typeof migrateProject>[1],
  beforeStatement?: () => Promise<void>,
): Promise<string> {
  return migrateProject(database, work, {
    root: FIRST_FIVE_PROJECT,
    ...(beforeStatement ? { beforeStatement } : {}),
  });
}

/** For this test file: all five on an empty database, which is copied. */
let migrated: Promise<TestDatabase> | undefined;

/** A new database after the five. */
export async function createFirstFiveDatabase(): Promise<TestDatabase> {
  migrated ??= migrateEmptyDatabase();
  return createDatabase(await migrated);
}

async function migrateEmptyDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  await migrate(database, (umzug) => umzug.up());
  return database;
}
