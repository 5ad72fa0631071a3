import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { connectionFromUrl, urlOfSibling } from '../configuration';
import { SQLSTATE, sqlStateOf } from '../postgres';
import { handedOn } from './environment';
import { inSession } from './session';

/** A database of one test's own. */
export interface TestDatabase {
  /** With the password, for a client or Sequelize. */
  readonly url: string;
  /** Drops it, also from under open connections. What is not dropped goes at the end of the run. */
  drop(): Promise<void>;
}

/**
 * A database of the caller's own, migrated and without rows. For the tests of a run that Jest's global setup has
 * begun (jest-setup.ts).
 *
 * @throws where there is no such run, or its server refuses
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return createCopyOf(connectionFromUrl('The URL of the template', handedOn().templateUrl).database);
}

/** The same as a copy of another database, to which nobody may be connected: `template0` makes an empty one. */
export async function createCopyOf(original: string): Promise<TestDatabase> {
  const { name: run, templateUrl } = handedOn();
  const name = newNameIn(run);
  await inSession(templateUrl, (session) => createDatabase(session, name, original));
  return {
    url: urlOfSibling(templateUrl, name),
    drop: () => inSession(templateUrl, (session) => dropDatabase(session, name)),
  };
}

/** A name for a database of a run: it begins with that of the run, whose claim keeps it from being dropped. */
export function newNameIn(run: string): string {
  return `${run}_${randomBytes(8).toString('hex')}`;
}

/** @throws in words that say what to do where the role may not create databases. */
export async function createDatabase(session: Client, name: string, original: string): Promise<void> {
  try {
    await session.query(`CREATE DATABASE ${name} TEMPLATE ${original} ${await fastestWay(session)}`);
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;
    const { user = '', host, port } = session;
    throw new Error(
      `The user ${user} may not create a test database at ${host}:${String(port)}. ` +
        `Allow it, ALTER ROLE ${session.escapeIdentifier(user)} CREATEDB, or correct TEST_DATABASE_URL.`,
    );
  }
}

/** Copying the files takes two checkpoints, which cost nothing where the server does not wait for its disk. */
async function fastestWay(session: Client): Promise<string> {
  const { rows } = await session.query<{ way: string }>(
    `SELECT CASE WHEN current_setting('fsync') = 'off' AND current_setting('server_version_num')::int >= 150000
       THEN 'STRATEGY file_copy' ELSE '' END AS way`,
  );
  return rows[0]?.way ?? '';
}

export async function dropDatabase(session: Client, name: string): Promise<void> {
  await session.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}
