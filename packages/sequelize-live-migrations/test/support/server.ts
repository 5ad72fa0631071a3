import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { removeTemporaryServers, startTemporaryServer } from 'checkout-postgres';
import { urlOfSibling } from '../../src/configuration';
import { isInOtherSchema, SCHEMA } from './schema-name';
import { urlWith } from './urls';

const PREFIX = 'live-migrations-tests-';

/** Set by the global setup for all test files: a superuser's URL, to the database `postgres`. */
const VARIABLE = 'TESTS_SERVER_URL';

/**
 * Starts the server of this test run, or takes the one at TEST_DATABASE_URL, and begins the run on it.
 *
 * @param root the folder of the project whose migrations make the template
 */
export async function startTestServer(root: string): Promise<void> {
  await removeTemporaryServers(PREFIX);
  useMemory();
  const given = process.env['TEST_DATABASE_URL'];
  if (given && isInOtherSchema())
    throw new Error('TESTS_IN=schema changes the whole server: leave TEST_DATABASE_URL out.');
  const url = given || (await startOwnServer()); // set to nothing means not set
  process.env[VARIABLE] = url;
  if (isInOtherSchema()) await useOtherSchema(url);
  const { beginRun } = await import('sequelize-live-migrations/testing');
  await beginRun({ root, url: (await urlOfOwner(url)) ?? url });
}

/** Set by `npm run test:owner`. */
const AS = 'TESTS_AS';

const OWNER = 'tests_owner';
const ADMINISTRATOR = 'tests_administrator';

/** Whether the tests are run with a role that owns the databases and all in them, and may do nothing else. */
export function isOwnerOnly(): boolean {
  return process.env[AS] === 'owner';
}

/**
 * The URL of the role that owns the databases of the tests, where they are run with one. It is no superuser; to create
 * these databases it needs CREATEDB, and no migration does. Beside it, the role that does what a test arranges and no owner may.
 */
async function urlOfOwner(url: string): Promise<string | undefined> {
  if (!isOwnerOnly()) return undefined;
  const password = randomBytes(16).toString('hex');
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const [role, attributes] of [
    [OWNER, 'NOSUPERUSER CREATEDB'],
    [ADMINISTRATOR, 'SUPERUSER'],
  ]) {
    // On a server that is given by its URL, it may be there from the last time.
    await client.query(`DO 'BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END'`);
    await client.query(`ALTER ROLE ${role} LOGIN ${attributes} PASSWORD '${password}'`);
  }
  await client.end();
  return urlWith(url, { username: OWNER, password });
}

/** The URL with which the role that may do everything comes to a database of the owner's. */
export function urlOfAdministrator(url: string): string {
  return urlWith(url, { username: ADMINISTRATOR });
}

/** Gives the owner what the administrator has made, but for what only superusers may own, such as event triggers. */
export const GIVE_TO_OWNER = `DO $$ DECLARE statement text; BEGIN
  FOR statement IN
    SELECT format('SCHEMA %I', nspname) FROM pg_namespace WHERE nspowner = '${ADMINISTRATOR}'::regrole AND nspname !~ '^pg_'
    UNION ALL SELECT format('TABLE %s', c.oid::regclass) FROM pg_class c
    WHERE relowner = '${ADMINISTRATOR}'::regrole AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
      AND relnamespace <> 'pg_toast'::regnamespace
      AND (relkind <> 'S' -- one that a column owns goes with that
        OR NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i')))
    UNION ALL SELECT format('TYPE %s', oid::regtype) FROM pg_type
    WHERE typowner = '${ADMINISTRATOR}'::regrole AND typtype IN ('e', 'd')
    UNION ALL SELECT format('ROUTINE %s', oid::regprocedure) FROM pg_proc WHERE proowner = '${ADMINISTRATOR}'::regrole
  LOOP
    EXECUTE format('ALTER %s OWNER TO ${OWNER}', statement);
  END LOOP;
END $$`;

/**
 * Has every database of the server of this test run have a schema like `public`, and the search_path name that in its place:
 * so nothing finds what is in `public`, and nothing that takes it for granted.
 */
async function useOtherSchema(url: string): Promise<void> {
  const inDatabase = async (name: string, ...statements: readonly string[]) => {
    const client = new Client({ connectionString: urlOfSibling(url, name) });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  // As of PostgreSQL 15, `public` is like this.
  const schema = [
    `CREATE SCHEMA ${SCHEMA} AUTHORIZATION pg_database_owner`,
    `GRANT USAGE ON SCHEMA ${SCHEMA} TO PUBLIC`,
  ];
  await inDatabase('postgres', ...schema, 'ALTER DATABASE template0 ALLOW_CONNECTIONS true');
  await inDatabase('template0', ...schema);
  await inDatabase(
    'postgres',
    'ALTER DATABASE template0 ALLOW_CONNECTIONS false',
    `ALTER SYSTEM SET search_path = "$user", ${SCHEMA}`,
    'SELECT pg_reload_conf()',
  );
}

const MEMORY = '/dev/shm';
const REQUIRED_BYTES = 3_000_000_000;

/**
 * Has the temporary folders of all tests be in memory, where there is plenty and programs may run in it: on a slow disk,
 * a copy of the project takes the processor longer than what is tested in it. They are removed as the server is.
 */
function useMemory(): void {
  if (!fs.existsSync(MEMORY)) return;
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  const mayNotRun = /^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(fs.readFileSync('/proc/mounts', 'utf8'));
  if (bavail * bsize < REQUIRED_BYTES || mayNotRun) return;
  const folder = fs.mkdtempSync(path.join(MEMORY, `${PREFIX}${String(process.pid)}-`));
  fs.chmodSync(folder, 0o755); // the user of an embedded server has to pass through
  process.env['TMPDIR'] = folder;
}

async function startOwnServer(): Promise<string> {
  const { username, password, host, port } = await startTemporaryServer(PREFIX);
  const url = `postgres://${username}:${password}@${host}:${port}/postgres`;
  await hashOnce(url, password);
  return url;
}

/**
 * Has a random password of 128 bits not be hashed 4096 times at each of some thousand connections. PostgreSQL 16 has made
 * the number a setting.
 */
async function hashOnce(url: string, password: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT set_config(name, '1', false) FROM pg_settings WHERE name = 'scram_iterations'");
  await client.query(`ALTER ROLE CURRENT_USER PASSWORD ${client.escapeLiteral(password)}`);
  await client.end();
}

/** Ends the run, and removes its server. */
export async function stopTestServer(): Promise<void> {
  const { endRun } = await import('sequelize-live-migrations/testing');
  await endRun();
  await removeTemporaryServers(PREFIX);
}

export function serverUrl(): string {
  const url = process.env[VARIABLE];
  if (!url) throw new Error('The global setup has not started a server.');
  return url;
}
