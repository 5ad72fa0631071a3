import { Client } from 'pg';
import * as kit from 'sequelize-live-migrations/testing';
import { serverUrl } from './server';

type Row = Record<string, unknown>;

/** A database of one test's own. */
export interface TestDatabase extends kit.TestDatabase {
  /** Runs SQL, several statements if need be, and gives the rows of the last one. */
  query(sql: string): Promise<Row[]>;
}

const created: TestDatabase[] = [];

/**
 * A new database on the server of this test run, empty or a copy of `original`. It goes with the test file, by
 * `dropDatabases`.
 */
export async function createDatabase(original?: TestDatabase): Promise<TestDatabase> {
  return remember(await kit.createCopyOf(original ? new URL(original.url).pathname.slice(1) : 'template0'));
}

/** A new database after `db:migrate`. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  return remember(await kit.createTestDatabase());
}

function remember(database: kit.TestDatabase): TestDatabase {
  const queryable = { ...database, query: (sql: string) => queryAt(database.url, sql) };
  created.push(queryable);
  return queryable;
}

/** Which PostgreSQL the tests run on: `17.10`. */
export async function serverVersion(): Promise<string> {
  const [row] = await queryAt(serverUrl(), 'SHOW server_version');
  return String(row?.['server_version']);
}

/** Drops what this test file has created, or one of it: for `afterAll`. */
export async function dropDatabases(only?: TestDatabase): Promise<void> {
  for (const database of only ? [only] : [...created]) {
    created.splice(created.indexOf(database), 1);
    await database.drop();
  }
}

async function queryAt(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result: unknown = await client.query(sql);
    const last: unknown = Array.isArray(result) ? result.at(-1) : result;
    return hasRows(last) ? last.rows : [];
  } finally {
    await client.end();
  }
}

function hasRows(result: unknown): result is { rows: Row[] } {
  return typeof result === 'object' && result !== null && 'rows' in result;
}
