import { beginRun, createTestDatabase, endRun } from 'sequelize-live-migrations/testing';
import { createDatabase, dropDatabases, remember, type TestDatabase } from './database';
import { FIXTURE, removeCopies } from './fixture-project';
import { serverUrl } from './server';
import { closeSessions } from './session';

let server: TestDatabase | undefined;

/** Begins a run of the kit for a test file, on the server of the tests, and ends it with the file. */
export function useKitRun(): void {
  beforeAll(async () => {
    await beginRun({ root: FIXTURE, url: serverUrl() });
    server = await createDatabase();
  });

  afterAll(async () => {
    await closeSessions();
    await dropDatabases();
    await endRun();
    removeCopies();
  });
}

/** A database of that run. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  return remember(await createTestDatabase());
}

/** Asks the server something that is not about one database. */
export async function askServer(sql: string): Promise<Record<string, unknown>[]> {
  if (!server) throw new Error('This test file has begun no run of the kit.');
  return server.query(sql);
}

/** The databases of the server for which something is true. */
export async function namesWhere(condition: string): Promise<string[]> {
  const rows = await askServer(`SELECT datname AS name FROM pg_database WHERE ${condition}`);
  return rows.map(({ name }) => String(name));
}

/** Those of some databases that are there. */
export async function present(...names: readonly string[]): Promise<string[]> {
  return namesWhere(`datname IN (${names.map((name) => `'${name}'`).join(', ')})`);
}
