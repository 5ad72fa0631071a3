import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import * as kit from '../../src/testing/database'; // and not all of the kit, which loads Sequelize
import { serverUrl } from './server';

type Row = Record<string, unknown>;

/** A database of one test's own. */
export interface TestDatabase extends kit.TestDatabase {
  /** Runs SQL, several statements if need be, and gives the rows of the last one. */
  query(sql: string): Promise<Row[]>;
}

/** Who may log in to the server of this test run, and is allowed nothing else. */
export interface Role {
  readonly name: string;
  readonly password: string;
}

const created: TestDatabase[] = [];
const roles: Role[] = [];

/**
 * A new database on the server of this test run, empty or a copy of `original`. It goes with the test file, by
 * `dropDatabases`.
 */
export async function createDatabase(original?: TestDatabase): Promise<TestDatabase> {
  return remember(await kit.createCopyOf(original ? new URL(original.url).pathname.slice(1) : 'template0'));
}

/** Has a database that this test file has created go with it, too. */
export function remember(database: kit.TestDatabase): TestDatabase {
  const queryable = { ...database, query: (sql: string) => queryAt(database.url, sql) };
  created.push(queryable);
  return queryable;
}

/** A new role, which no other test run and no other file knows. It goes with the test file, by `dropDatabases`. */
export async function createRole(title: string): Promise<Role> {
  const role = {
    name: `${title}_${randomBytes(6).toString('hex')}`,
    password: randomBytes(6).toString('hex'),
  };
  await queryAt(serverUrl(), `CREATE ROLE ${role.name} LOGIN PASSWORD '${role.password}'`);
  roles.push(role);
  return role;
}

/** The URL with which a role comes to a database. */
export function urlFor({ name, password }: Role, url: string): string {
  const theirs = new URL(url);
  [theirs.username, theirs.password] = [name, password];
  return theirs.href;
}

/** Which PostgreSQL the tests run on: `17.10`. */
export async function serverVersion(): Promise<string> {
  const [row] = await queryAt(serverUrl(), 'SHOW server_version');
  return String(row?.['server_version']);
}

/** Drops what this test file has created, or one of its databases: for `afterAll`. */
export async function dropDatabases(only?: TestDatabase): Promise<void> {
  for (const database of only ? [only] : [...created]) {
    created.splice(created.indexOf(database), 1);
    await database.drop();
  }
  if (!only) for (const { name } of roles.splice(0)) await dropRole(name);
}

async function dropRole(role: string): Promise<void> {
  const owned = await queryAt(
    serverUrl(),
    `SELECT datname AS name FROM pg_database WHERE pg_get_userbyid(datdba) = '${role}'`,
  );
  for (const { name } of owned) await queryAt(serverUrl(), `DROP DATABASE ${String(name)} WITH (FORCE)`);
  await queryAt(serverUrl(), `DROP ROLE ${role}`);
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
