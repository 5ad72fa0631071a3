import { type } from './support/cli';
import {
  createDatabase,
  createRole,
  dropDatabases,
  type Role,
  type TestDatabase,
  urlFor,
} from './support/database';
import { MIGRATIONS } from './support/fixture-project';
import { SCHEMA, recordsOf } from './support/schema';
import { closeSessions, openSession } from './support/session';

// What a service that runs PostgreSQL for others gives its customers: a role that owns a schema, and may do little else.

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

interface Managed {
  readonly database: TestDatabase;
  readonly role: Role;
  /** The role's URL. */
  readonly url: string;
}

async function managed(): Promise<Managed> {
  const database = await createDatabase();
  const role = await createRole('customer');
  await database.query(`DO $$ BEGIN
      EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
      EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO ${role.name}', current_database());
    END $$; GRANT USAGE, CREATE ON SCHEMA ${SCHEMA} TO ${role.name}`);
  return { database, role, url: urlFor(role, database.url) };
}

const COMMANDS = [
  'db:migrate',
  'db:seed:all',
  'db:migrate:status',
  'check',
  'purge',
  'db:migrate:undo:all',
  'plan',
  'db:migrate',
];

it('a role that may connect, create temporary tables, and create in its schema, can type every command', async () => {
  const { database, url } = await managed();
  for (const command of COMMANDS) expect(await type(command, url)).toMatchObject({ code: 0, stderr: '' });
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});

it('without the right to create temporary tables, each command that plans says in one line what to grant, and does nothing', async () => {
  const { database, role, url } = await managed();
  await database.query(`DO $$ BEGIN
      EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM ${role.name}', current_database()); END $$`);
  for (const command of ['db:migrate', 'plan', 'check']) {
    const { code, stderr } = await type(command, url);
    expect({ command, code }).toEqual({ command, code: 1 });
    expect(stderr).toMatch(
      /^(\n)?ERROR: permission denied to create temporary tables in database "\w+"\. [^\n]*GRANT TEMPORARY ON DATABASE [^\n]*\n+$/,
    );
  }
  expect(await database.query(`SELECT FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace`)).toEqual(
    [],
  );
  expect((await type('db:migrate:status', url)).code).toBe(0);
});

it('what another session does, which the role may not see, is said as far as it is known', async () => {
  const { database, url } = await managed();
  expect((await type('db:migrate', url)).code).toBe(0);
  await database.query('GRANT SELECT ON toys TO PUBLIC'); // also for a session that is no superuser's
  const other = await openSession(database, 'a report');
  await other.query('BEGIN; SELECT FROM toys');
  const { code, stdout, stderr } = await type('db:migrate:undo', url, { env: { MIGRATION_LOCK_WAIT: '1' } });
  expect(code).toBe(1);
  expect(stdout).toMatch(/waiting for a lock on toys: pid \d+, .*in a state that this role may not see/);
  expect(stderr).toMatch(
    /Could not lock toys .* in a state that this role may not see\. .* SELECT pg_terminate_backend\(\d+\)/,
  );
  await other.query('COMMIT');
  expect((await type('db:migrate:undo', url)).code).toBe(0);
});

it('two runs of such a role at once take turns', async () => {
  const { database, url } = await managed();
  const runs = await Promise.all([type('db:migrate', url), type('db:migrate', url)]);
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    [0, 0].map((code) => ({ code, stderr: '' })),
  );
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});

it('a publication that somebody else has made is seen, and said', async () => {
  const { database, url } = await managed();
  expect((await type('db:migrate', url)).code).toBe(0);
  await database.query('CREATE PUBLICATION theirs FOR TABLE toys');
  const { code, stdout } = await type('db:migrate:undo', url);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /publication theirs has table toys, and table toys (becomes undone_toys|is dropped)\. Publisher first/,
  );
});
