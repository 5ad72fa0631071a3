import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type, type Run } from '../support/cli';
import { createRole, dropDatabases, urlFor } from '../support/database';
import { startOwnServer, stopOwnServers } from '../support/own-server';
import { closeRefusingServers, explanationAfter, refusingServer } from '../support/refusing-server';
import { serverUrl } from '../support/server';
import { hasOpenssl, useTls } from '../support/tls';

// Whoever cannot connect reads the server's or Node.js's own words first, then what to type: the same from each command. That
// it is the same is tested with commands; what it is, case by case, in this process.

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-errors-'));

afterEach(closeRefusingServers);
afterAll(() => fs.rmSync(folder, { recursive: true }));
afterAll(stopOwnServers);
afterAll(() => dropDatabases());

/** What follows the server's words in the one line of a command that fails, without a password. */
function explanationIn({ code, stderr }: Run, words: string): string {
  expect({ code, begin: stderr.slice(0, PREFIX.length) }).toEqual({ code: 1, begin: PREFIX });
  expect(stderr).toMatch(/^[^\n]+\n$/);
  return explanationAfter(words, stderr.slice(PREFIX.length).trim());
}

const PREFIX = 'ERROR: ';

const COMMANDS = [
  'db:migrate',
  'db:migrate:status',
  'db:migrate:undo:all',
  'db:seed:all',
  'db:create',
  'plan',
  'check',
];

describe('a server that lets nobody in', () => {
  const ENTRY = 'no pg_hba.conf entry for host "10.0.0.1", user "ann", database "pets"';

  it('is explained in the same words by each command', async () => {
    const url = await refusingServer('28000', `${ENTRY}, no encryption`);
    for (const command of COMMANDS) {
      expect(explanationIn(await type(command, url), `${ENTRY}, no encryption`)).toMatch(
        /If it demands TLS, add sslmode=require/,
      );
    }
  });
});

(hasOpenssl() ? describe : describe.skip)('a server that demands TLS (needs openssl)', () => {
  const url = useTls();

  it.each([
    ['?sslmode=require', {}],
    ['', { PGSSLMODE: 'require' }],
  ])('is connected to for a URL that ends in "%s" with %j', async (parameters, env) => {
    const result = await type('db:migrate:status', `${url()}${parameters}`, { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});

it('a host with two addresses and no server is explained by each command', async () => {
  const lookup = path.join(folder, 'two-addresses.js');
  fs.writeFileSync(
    lookup,
    `require('node:net').setDefaultAutoSelectFamilyAttemptTimeout(10_000); // however busy the machine is
    require('node:dns').lookup = (host, options, callback) =>
      callback(null, [{ address: '127.0.0.2', family: 4 }, { address: '127.0.0.1', family: 4 }]);`,
  );
  const url = 'postgres://ann:geheim@two.example:1/pets';
  const words = 'connect ECONNREFUSED 127.0.0.2:1; connect ECONNREFUSED 127.0.0.1:1';
  for (const command of COMMANDS) {
    const result = await type(command, url, { env: { NODE_OPTIONS: `--require ${lookup}` } });
    expect(explanationIn(result, words)).toMatch(
      /No PostgreSQL server answers at two\.example:1\. Start it, or correct DATABASE_URL\./,
    );
  }
});

it.each(['db:migrate', 'db:create', 'check'])(
  '%s says how a missing password is written, and ends',
  async (command) => {
    const { host, pathname } = new URL(serverUrl());
    const words = 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string';
    const result = await type(command, `postgres://postgres@${host}${pathname}`);
    expect(explanationIn(result, words)).toMatch(
      /asks for a password of the user postgres, .* postgres:\/\/user:password@host:5432\/database/,
    );
  },
);

describe('db:create and db:drop', () => {
  const exists = async (url: string, name: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    await client.end();
    return rowCount === 1;
  };

  it('work on a server without a database postgres, and create that one, too', async () => {
    const { url } = await startOwnServer();
    const at = (name: string) => url.replace(/postgres$/, name);
    const admin = new Client({ connectionString: at('template1') });
    await admin.connect();
    await admin.query('DROP DATABASE postgres');
    await admin.end();
    expect(await type('db:create', at('pets'))).toMatchObject({ code: 0, stderr: '' });
    expect(await exists(at('template1'), 'pets')).toBe(true);
    expect(await type('db:drop', at('pets'))).toMatchObject({ code: 0, stderr: '' });
    expect(await exists(at('template1'), 'pets')).toBe(false);
    expect(explanationIn(await type('db:migrate:status', url), 'database "postgres" does not exist')).toMatch(
      /Create it with psql: CREATE DATABASE postgres, or correct DATABASE_URL\.$/,
    );
    expect(await type('db:create', url)).toMatchObject({ code: 0, stderr: '' });
    expect(await exists(url, 'postgres')).toBe(true);
  });

  it('work for a role that may not connect to the database postgres', async () => {
    const { url } = await startOwnServer();
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      `REVOKE CONNECT ON DATABASE postgres FROM PUBLIC; CREATE ROLE maker LOGIN CREATEDB PASSWORD 'made'`,
    );
    await admin.end();
    const theirs = new URL(url.replace(/postgres$/, 'pets'));
    [theirs.username, theirs.password] = ['maker', 'made'];
    expect(await type('db:create', theirs.href)).toMatchObject({ code: 0, stderr: '' });
    expect(await type('db:drop', theirs.href)).toMatchObject({ code: 0, stderr: '' });
  });

  it('say in the words of the server that the role may not create it', async () => {
    const guest = await createRole('guest');
    const { code, stderr } = await type('db:create', urlFor(guest, serverUrl()).replace(/postgres$/, 'pets'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('permission denied to create database'),
    });
  });
});
