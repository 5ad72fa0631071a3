import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { connectionFromUrl, messageOf, urlOfSibling } from '../configuration';
import { SQLSTATE, sqlStateOf } from '../postgres';
import { currentTestRun } from './environment';
import { inSession } from './session';

/** A database of one test's own. */
export interface TestDatabase {
  /** With the password, for a client or Sequelize. */
  readonly url: string;
  /** Drops it, even with open connections. What is not dropped is dropped at the end of the run. */
  drop(): Promise<void>;
}

/**
 * Creates a database for one test, migrated and without rows. For the tests of a run that Jest's global setup has begun
 * (jest-setup.ts).
 *
 * @throws where there is no such run, or the server does not create the database
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return createCopyOf(connectionFromUrl('The URL of the template', currentTestRun().templateUrl).database);
}

/** Creates an empty database for one test. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createCopyOf('template0');
}

/** Creates a copy of another database, to which no session may be connected. */
export async function createCopyOf(original: string): Promise<TestDatabase> {
  const { name: run, templateUrl } = currentTestRun();
  const name = newDatabaseName(run);
  await inSession(templateUrl, (session) => createDatabase(session, name, original));
  return {
    url: urlOfSibling(templateUrl, name),
    drop: () => inSession(templateUrl, (session) => dropDatabase(session, name)),
  };
}

/** A name for a database of a run. It begins with the run's name, and the lock on that protects it. */
export function newDatabaseName(run: string): string {
  return `${run}_${randomBytes(8).toString('hex')}`;
}

/** @throws with what to do where the role may not create databases */
export async function createDatabase(session: Client, name: string, original: string): Promise<void> {
  try {
    await session.query(`CREATE DATABASE ${name} TEMPLATE ${original} ${await fastestStrategy(session)}`);
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;
    const { user = '', host, port } = session;
    throw new Error(
      `${messageOf(error)}. The user ${user} may not create a temporary database at ${host}:${String(port)}. ` +
        `Allow it, ALTER ROLE ${session.escapeIdentifier(user)} CREATEDB, or name another user, in TEST_DATABASE_URL or ` +
        'else DATABASE_URL.',
    );
  }
}

/** `file_copy` needs two checkpoints, which take no time where the server does not wait for its disk. */
async function fastestStrategy(session: Client): Promise<string> {
  const { rows } = await session.query<{ strategy: string }>(
    `SELECT CASE WHEN current_setting('fsync') = 'off' AND current_setting('server_version_num')::int >= 150000
       THEN 'STRATEGY file_copy' ELSE '' END AS strategy`,
  );
  return rows[0]?.strategy ?? '';
}

export async function dropDatabase(session: Client, name: string): Promise<void> {
  await session.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}
