import { Sequelize } from 'sequelize';
import { connectionFromUrl, explainingDriver, messageOf } from '../../src/configuration';
import { sequelizeCli } from '../support/cli';
import { createDatabase, createRole, dropDatabases, urlFor } from '../support/database';
import { serverUrl } from '../support/server';
import { SCHEMA } from '../support/schema';

afterAll(() => dropDatabases());

describe('sequelize-cli', () => {
  it.each([
    ['db:migrate', { NODE_ENV: 'production' }],
    ['db:migrate --env production', {}],
  ])('%s without a database in production says so in one line and fails', async (line, env) => {
    const { code, stderr } = await sequelizeCli(line, '', { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: No database is configured, and NODE_ENV is production\..*\n$/);
  });

  const elsewhere = (change: (url: URL) => void) => {
    const url = new URL(serverUrl());
    change(url);
    return url.href;
  };

  it('says in one line what the server says, and what to change', async () => {
    const { code, stderr } = await sequelizeCli('db:migrate', 'postgres://ann:geheim@localhost:1/pets');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: [^\n]*\n$/);
    expect(stderr).toMatch(
      /^ERROR: connect ECONNREFUSED .*\. No PostgreSQL server answers at localhost:1\. /,
    );
    expect(stderr).not.toContain('geheim');
  });

  const NOWHERE = {
    DB_HOST: 'localhost',
    DB_PORT: '1',
    DB_NAME: 'pets',
    DB_USER: 'ann',
    DB_PASSWORD: 'geheim',
  };

  it.each([
    ['db:migrate:status --url postgres://ann:geheim@localhost:1/pets', {}, '--url'],
    ['db:migrate:status', NOWHERE, 'the DB_* variables'],
    [
      'db:migrate:status',
      { NODE_ENV: 'test', TEST_DATABASE_URL: 'postgres://ann:geheim@localhost:1/pets' },
      'TEST_DATABASE_URL',
    ],
  ])('%s with %j names what has to be corrected', async (line, env, source) => {
    const { code, stderr } = await sequelizeCli(line, '', { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: [^\n]* at localhost:1\. [^\n]*\n$/);
    expect(stderr).toContain(`Start it, or correct ${source}.`);
    expect(stderr).not.toContain('geheim');
  });

  it('says what a MIGRATION_… variable may be', async () => {
    const env = { MIGRATION_LOCK_TIMEOUT: '10' };
    const { code, stderr } = await sequelizeCli('db:migrate', serverUrl(), { env });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'MIGRATION_LOCK_TIMEOUT is "10". It must be a number of milliseconds: a whole number, at least 20',
    );
  });

  it.each([
    [
      'a server without TLS',
      () => elsewhere((url) => (url.search = '?sslmode=require')),
      /^The server does not support SSL connections\. Use sslmode=disable in DATABASE_URL, or [^\n]*$/,
    ],
    [
      'an unknown host',
      () => 'postgres://ann:geheim@no-such-host.invalid/pets',
      /^getaddrinfo .*\. There is no host no-such-host\.invalid\. [^\n]*$/,
    ],
    [
      'a missing database',
      () => elsewhere((url) => (url.pathname = 'no_such_database')),
      /^database "no_such_database" does not exist\. There is no database no_such_database at [^\n]*$/,
    ],
  ])('connects with a driver that does so for %s', async (_, url, message) => {
    const connection = connectionFromUrl('DATABASE_URL', url());
    const sequelize = new Sequelize({
      ...connection,
      dialectOptions: { ...connection.dialectOptions },
      dialect: 'postgres',
      dialectModule: explainingDriver('DATABASE_URL'),
      logging: false,
    });
    const failure = await sequelize.authenticate().catch(messageOf);
    expect(failure).toMatch(message);
    expect(failure).not.toContain('geheim');
    await sequelize.close();
  });

  it('says which privilege is missing, and on what', async () => {
    const database = await createDatabase();
    await database.query(`REVOKE CREATE ON SCHEMA ${SCHEMA} FROM PUBLIC`);
    const { code, stderr } = await sequelizeCli(
      'db:migrate',
      urlFor(await createRole('guest'), database.url),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^ERROR: permission denied for schema ${SCHEMA}. .*GRANT USAGE, CREATE.* Could not create table pets, .*\n$`,
      ),
    );
  });

  it('never prints a password, whatever fails', async () => {
    const url = new URL(serverUrl());
    url.password = 'geheim%2Fes';
    url.pathname = 'no_such_database';
    const { code, stdout, stderr } = await sequelizeCli('db:migrate --debug', url.href);
    expect(code).toBe(1);
    expect(stderr).toMatch(/refuses the user|There is no database/);
    expect(stdout + stderr).not.toMatch(/geheim/);
  });
});
