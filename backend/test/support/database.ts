import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { serverUrl } from './server';

type Row = Record<string, unknown>;

/** A database of one test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Runs SQL, several statements if need be, and gives the rows of the last one. */
  query(sql: string): Promise<Row[]>;
}

const created: string[] = [];

/**
 * A new database on the server of this test run, empty or a copy of `original`. It goes with the test file, by
 * `dropDatabases`.
 */
export async function createDatabase(original?: TestDatabase): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = original ? nameOf(original) : 'template1';
  await queryAt(serverUrl(), `CREATE DATABASE ${name} TEMPLATE ${template}`);
  created.push(name);
  return databaseNamed(name);
}

function databaseNamed(name: string): TestDatabase {
  const url = new URL(serverUrl());
  url.pathname = name;
  return { url: url.href, query: (sql) => queryAt(url.href, sql) };
}

/** Set by the global setup: the database that it migrates once, for all test files to copy. */
const MIGRATED = 'TESTS_MIGRATED';

/** Creates the database that is to be migrated, and gives its URL. */
export async function nameMigrated(): Promise<string> {
  const { url } = await createDatabase();
  process.env[MIGRATED] = new URL(url).pathname.slice(1);
  return url;
}

/** An empty database after `db:migrate`: to look at, or as the original of a copy, but not to change. */
export function migratedDatabase(): TestDatabase {
  const name = process.env[MIGRATED];
  if (!name) throw new Error('The global setup has not migrated a database.');
  return databaseNamed(name);
}

export async function dropMigrated(): Promise<void> {
  await queryAt(serverUrl(), `DROP DATABASE IF EXISTS ${nameOf(migratedDatabase())} WITH (FORCE)`);
}

/** A new database with the tables and rows of `fixtures/databases/NAME.sql`. */
export async function createDatabaseLike(dump: string): Promise<TestDatabase> {
  const database = await createDatabase();
  await database.query(fs.readFileSync(path.join(__dirname, '../fixtures/databases', `${dump}.sql`), 'utf8'));
  return database;
}

/** Drops what this test file has created, or one of it: for `afterAll`. */
export async function dropDatabases(only?: TestDatabase): Promise<void> {
  const chosen = only ? [nameOf(only)] : [...created];
  for (const name of chosen) {
    created.splice(created.indexOf(name), 1);
    await queryAt(serverUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

function nameOf({ url }: TestDatabase): string {
  return new URL(url).pathname.slice(1);
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
