import { Client } from 'pg';
import { Sequelize } from 'sequelize';
import { connectionFromUrl, urlForDriver } from '../../src/configuration';
import { run } from '../support/cli';
import { FIXTURE } from '../support/fixture-project';
import { serverUrl } from '../support/server';
import { hasOpenssl, withTls } from '../support/tls';

// The URLs that the kit hands out are for whatever client a test has, which takes them as it does.

it.each([
  ['postgres://h/d?sslmode=require', 'postgres://h/d?sslmode=no-verify'],
  ['postgres://h/d?a=b&sslmode=require&c=d', 'postgres://h/d?a=b&sslmode=no-verify&c=d'],
  [
    'postgres://h/d?sslmode=require&sslrootcert=ca.pem',
    'postgres://h/d?sslmode=require&sslrootcert=ca.pem&uselibpqcompat=true',
  ],
  ['postgres://h/d?sslmode=verify-ca', 'postgres://h/d?sslmode=verify-ca&uselibpqcompat=true'],
])('%s is %s for node-postgres', (url, expected) => {
  expect(urlForDriver(url)).toBe(expected);
});

it.each([
  'postgres://h/d',
  'postgres://h/d?sslmode=disable',
  'postgres://h/d?sslmode=verify-full',
  'postgres://h/d?sslmode=require&uselibpqcompat=true',
])('%s is as it is', (url) => {
  expect(urlForDriver(url)).toBe(url);
});

it('sslmode=require means the same to this package and, as it is handed out, to node-postgres', () => {
  const url = 'postgres://h/d?sslmode=require';
  expect(connectionFromUrl('URL', urlForDriver(url)).dialectOptions).toMatchObject({
    ssl: { rejectUnauthorized: false },
  });
});

const SCRIPT = `
  const { beginRun, createTestDatabase, endRun } = require('sequelize-live-migrations/testing');
  beginRun({ root: process.cwd() }).then(createTestDatabase)
    .then(async ({ url }) => {
      const client = new (require('pg').Client)({ connectionString: url });
      await client.connect();
      console.log((await client.query('SELECT count(*)::int AS logged FROM "SequelizeMeta"')).rows[0].logged);
      await client.end();
      const sequelize = new (require('sequelize').Sequelize)(url, { logging: false });
      await sequelize.authenticate();
      await sequelize.close();
      await endRun();
    });`;

(hasOpenssl() ? describe : describe.skip)(
  'a server that demands TLS, with a certificate of its own (needs openssl)',
  () => {
    it('with sslmode=require is set up, and the URL of a test database connects, by whatever client', async () => {
      const server = await withTls(serverUrl());
      try {
        const plain = new Client({ connectionString: server.url });
        await expect(plain.connect()).rejects.toThrow();
        const verified = new Sequelize(`${server.url}?sslmode=verify-full`, { logging: false });
        await expect(verified.authenticate()).rejects.toThrow('self-signed certificate');
        const env = { NODE_ENV: 'test', TEST_DATABASE_URL: `${server.url}?sslmode=require` };
        const { stdout, stderr } = await run(process.execPath, ['-e', SCRIPT], { cwd: FIXTURE, env });
        expect({ stdout, stderr }).toEqual({ stdout: '3\n', stderr: '' });
      } finally {
        await server.close();
      }
    });
  },
);
