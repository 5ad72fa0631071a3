import { connectionFromUrl, databaseFromEnvironment, urlOfServer } from '../../src/configuration';
import { dropDatabases } from '../support/database';
import { useOwnEnvironment } from '../support/environment';
import { removeCopies } from '../support/fixture-project';

// What psql takes from the environment, where a URL leaves it out, means the same here, or is refused by name.

useOwnEnvironment();
// These tests themselves may have got a server in this variable, which would be the one to use.
beforeEach(() => Reflect.deleteProperty(process.env, 'TEST_DATABASE_URL'));
afterAll(removeCopies);
afterAll(() => dropDatabases());

/** The connection for a URL in an environment. */
async function connectionIn(variables: Record<string, string>, url: string) {
  Object.assign(process.env, variables);
  return connectionFromUrl('DATABASE_URL', await urlOfServer('DATABASE_URL', url), 'ours');
}

it.each([
  [
    { PGHOST: 'db', PGPORT: '6543', PGDATABASE: 'our pets' },
    'postgres://',
    { host: 'db', port: 6543, database: 'our pets' },
  ],
  [
    { PGHOST: '/run/postgresql' },
    'postgres:///pets',
    { host: '/run/postgresql', port: 5432, database: 'pets' },
  ],
  [{ PGPORT: '6543' }, 'postgres://[::1]/pets', { host: '::1', port: 6543 }],
  [{ PGDATABASE: 'pets' }, 'postgres://ann:pw@h', { host: 'h', username: 'ann', database: 'pets' }],
  [
    { PGHOST: 'db', PGPORT: '6543', PGDATABASE: 'other' },
    'postgres://h:5433/pets',
    { host: 'h', port: 5433, database: 'pets' },
  ],
  [{ PGHOST: 'db' }, 'socket:///tmp?db=pets', { host: '/tmp', database: 'pets' }],
])('%j says where %s is', async (variables, url, expected) => {
  expect(await connectionIn(variables, url)).toMatchObject(expected);
});

it.each([
  [{ PGSSLMODE: 'require' }, '', { ssl: { rejectUnauthorized: false } }],
  [{ PGSSLMODE: 'require' }, '?sslmode=disable', { ssl: false }],
  [{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' }, '', { ssl: {} }],
  [
    { PGAPPNAME: 'deploy', PGCONNECT_TIMEOUT: '3' },
    '',
    { application_name: 'deploy', connectionTimeoutMillis: 3000 },
  ],
  [{ PGAPPNAME: 'deploy' }, '?application_name=ci', { application_name: 'ci' }],
  [
    { PGCHANNELBINDING: 'prefer', PGGSSENCMODE: 'disable', PGTZ: 'UTC', PGDATESTYLE: 'ISO, DMY' },
    '',
    { application_name: 'ours' },
  ],
])('%j is honoured for a URL that ends in "%s"', async (variables, parameters, expected) => {
  expect((await connectionIn(variables, `postgres://h/d${parameters}`)).dialectOptions).toMatchObject(
    expected,
  );
});

it.each([
  [
    { PGSERVICE: 'pets' },
    /^PGSERVICE: the parameter service cannot be honoured: .* Write the URL that the service stands for/,
  ],
  [{ PGCHANNELBINDING: 'require' }, /^PGCHANNELBINDING: .* cannot be honoured/],
  [{ PGHOSTADDR: '10.0.0.1' }, /^PGHOSTADDR: .* Write the address as the host/],
  [{ PGREQUIREAUTH: 'scram-sha-256' }, /^PGREQUIREAUTH: /],
  [{ PGREQUIRESSL: '1' }, /^PGREQUIRESSL: .* Write sslmode=require/],
  [{ PGTZ: 'Europe/Berlin' }, /^PGTZ is "Europe\/Berlin": .* Unset it\.$/],
  [{ PGDATESTYLE: 'German' }, /^PGDATESTYLE is "German"/],
  [{ PGSSLMODE: 'prefer' }, /sslmode=prefer leaves it to chance/],
  [{ PGLOADBALANCEHOSTS: 'on' }, /^PGLOADBALANCEHOSTS: load_balance_hosts is "on"/],
])('%j is refused by name', async (variables, message) => {
  await expect(connectionIn(variables, 'postgres://ann:geheim@h/d')).rejects.toThrow(message);
  await expect(connectionIn(variables, 'postgres://ann:geheim@h/d')).rejects.not.toThrow('geheim');
});

it('the DB_* variables leave to PGSSLMODE whether the connection is encrypted', async () => {
  Object.assign(process.env, { DB_NAME: 'pets', DB_USER: 'ann', DB_PASSWORD: 'p/w', PGSSLMODE: 'require' });
  const { connection, source } = await databaseFromEnvironment({ applicationName: 'ours' })();
  expect(source).toBe('the DB_* variables');
  expect(connection).toMatchObject({ host: 'localhost', username: 'ann', password: 'p/w' });
  expect(connection.dialectOptions['ssl']).toEqual({ rejectUnauthorized: false });
});

it('the fallback is no server of theirs, and a line says that they name no database by themselves', async () => {
  Object.assign(process.env, { PGHOST: 'db', PGDATABASE: 'pets', PGSSLMODE: 'require' });
  const fallback = () => Promise.resolve({ url: 'postgres://here:1/own', notice: 'Started.' });
  const found = await databaseFromEnvironment({ applicationName: 'ours', fallback })();
  expect(found.connection).toMatchObject({ host: 'here', database: 'own', dialectOptions: { ssl: false } });
  expect(found.notice).toBe(
    'Started.\nBy PGHOST and PGDATABASE alone no database is configured: with DATABASE_URL=postgres:// it is.',
  );
});
