import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { urlOfServer } from '../../src/configuration/choose-server';
import { connectionFromUrl, urlFromConnection, urlOfSibling } from '../../src/configuration/connection-url';

const parse = (url: string) => connectionFromUrl('DATABASE_URL', url);
const ssl = (parameters: string) => parse(`postgres://h/d?${parameters}`).dialectOptions['ssl'];

describe('a connection URL', () => {
  it('is taken apart with every percent-encoded character', () => {
    expect(parse('postgresql://us%40er:p%2Fw%3A%23@db.example:6543/our%20pets')).toEqual({
      host: 'db.example',
      port: 6543,
      username: 'us@er',
      password: 'p/w:#',
      database: 'our pets',
      dialectOptions: { application_name: 'sequelize-live-migrations' },
    });
  });

  it('may leave out the port, the user and the password', () => {
    expect(parse('postgres://db/prd')).toEqual({
      host: 'db',
      port: 5432,
      database: 'prd',
      dialectOptions: { application_name: 'sequelize-live-migrations' },
    });
  });

  it.each(['postgres:///prd?host=/var/run/postgresql', 'postgres://%2Fvar%2Frun%2Fpostgresql/prd'])(
    'may name a Unix socket: %s',
    (url) => {
      expect(parse(url)).toMatchObject({ host: '/var/run/postgresql', database: 'prd' });
    },
  );

  it('hands on an application name, server options and a connect timeout', () => {
    const url = 'postgres://h/d?application_name=ci&options=-c%20search_path%3Dapp&connect_timeout=3';
    expect(parse(url).dialectOptions).toEqual({
      application_name: 'ci',
      options: '-c search_path=app',
      connectionTimeoutMillis: 3000,
    });
  });

  it('means by sslmode what psql means', () => {
    const ca = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-ca-')), 'ca.pem');
    fs.writeFileSync(ca, 'a certificate');
    expect(ssl('')).toBeUndefined();
    expect(ssl('sslmode=disable')).toBe(false);
    expect(['ssl=false', 'ssl=0', 'ssl=true', 'ssl=1'].map(ssl)).toEqual([false, false, true, true]);
    expect(ssl('sslmode=require')).toEqual({ rejectUnauthorized: false });
    expect(ssl('sslmode=no-verify')).toEqual({ rejectUnauthorized: false });
    expect(ssl('sslmode=verify-full')).toEqual({});
    expect(ssl(`sslmode=verify-full&sslrootcert=${ca}`)).toEqual({ ca: 'a certificate' });
    expect(ssl(`sslmode=verify-ca&sslrootcert=${ca}`)).toHaveProperty('checkServerIdentity');
    fs.rmSync(path.dirname(ca), { recursive: true });
  });

  it.each([
    ['mysql://root:geheim@h/d', 'DATABASE_URL is not a PostgreSQL connection URL'],
    ['root:geheim@h/d', 'DATABASE_URL is not a PostgreSQL connection URL'],
    ['postgres://root:geheim@h:port/d', 'DATABASE_URL cannot be used: Invalid URL'],
    ['postgres:/root:geheim@h:5432/d', 'DATABASE_URL is not a PostgreSQL connection URL'],
    ['postgres://root:12/geheim@h/d', 'has an @ after the host'],
    ['postgres://root:geheim@h/d?connect_timeout=soon', 'connect_timeout is not a number'],
    [
      'postgres://root:geheim@h:0/d',
      'DATABASE_URL has no port number, 1 to 65535, after the host and a colon',
    ],
    ['postgres://root:geheim@h', 'DATABASE_URL names no database'],
    ['postgres://root:geheim@h/d?sslmode=prefer', 'sslmode=prefer leaves it to chance'],
    [
      'postgres://root:geheim@h/d?sslmode=requre',
      'sslmode is "requre", which PostgreSQL does not know; perhaps',
    ],
    ['postgres://root:geheim@h/d?sslmode=verify-ca', 'DATABASE_URL cannot be used'],
    ['postgres://root:geheim@h/d?sslrootcert=/no/such/file', 'no such file'],
  ])('that cannot be used is refused without its password: %s', (url, message) => {
    expect(() => parse(url)).toThrow(message);
    expect(() => parse(url)).not.toThrow('geheim');
  });
});

describe('a parameter of a URL', () => {
  it.each([
    ['schema=app', /knows no connection parameter "schema"\. Write options=-c%20search_path%3DNAME\./],
    ['sslmod=require', /no connection parameter "sslmod"\. Perhaps you mean sslmode\./],
    ['SSLMODE=require', /no connection parameter "SSLMODE"\. Perhaps you mean sslmode\./],
    ['pgbouncer=true', /no connection parameter "pgbouncer"\. Leave it out\./],
    [
      'target_session_attrs=read-write',
      /target_session_attrs cannot be honoured: .* Name the one server that may write/,
    ],
    ['channel_binding=require', /channel_binding cannot be honoured/],
    ['dbname=other', /dbname cannot be honoured: .* postgres:\/\/host\/database/],
    ['sslcrl=/no/such/file', /sslcrl cannot be honoured/],
    [
      'sslmode=require&options=-c%20a%3Db&conect_timeout=3',
      /"conect_timeout"\. Perhaps you mean connect_timeout/,
    ],
  ])('that would be passed over is refused by name: %s', (parameters, message) => {
    expect(() => parse(`postgres://ann:geheim@h/d?${parameters}`)).toThrow(message);
    expect(() => parse(`postgres://ann:geheim@h/d?${parameters}`)).not.toThrow('geheim');
  });

  it.each([
    'target_session_attrs=any',
    'channel_binding=prefer',
    'sslnegotiation=postgres',
    'gssencmode=prefer',
  ])('that asks for what the driver does anyway is honoured: %s', (parameters) => {
    expect(parse(`postgres://h/d?${parameters}`).dialectOptions).toEqual(
      parse('postgres://h/d').dialectOptions,
    );
  });

  it('sslrootcert=system is no file: it means the certificates that are trusted anyway, and verify-full', () => {
    expect(ssl('sslmode=verify-full&sslrootcert=system')).toEqual({});
    expect(ssl('sslrootcert=system')).toEqual({});
    expect(ssl('sslrootcert=system&application_name=ci')).toEqual({});
    expect(() => ssl('sslmode=require&sslrootcert=system')).toThrow('needs sslmode=verify-full, not require');
  });
});

it.each(['a#b', 'a?b', 'a/b', '#', '?x=y', 'a@b', 'a%b', '100%', '@', 'a/b?c#d@e%'])(
  'a password with %s in it has to be encoded, and is not printed',
  (password) => {
    expect(() => parse(`postgres://ann:${password}geheim@h/d`)).toThrow('in a password write # as %23');
    expect(() => parse(`postgres://ann:${password}geheim@h/d`)).not.toThrow('geheim');
    expect(parse(`postgres://ann:${encodeURIComponent(password)}@h/d`).password).toBe(password);
  },
);

it.each([
  ['a+b', 'application_name=a+b'],
  ['a b', 'application_name=a%20b'],
  ['a&b=c', 'application_name=a%26b%3Dc'],
])('a parameter with %s in it is decoded as by libpq', (expected, parameters) => {
  expect(parse(`postgres://us%2Fer:p w%2F@h/d?${parameters}`)).toMatchObject({
    username: 'us/er',
    password: 'p w/',
    dialectOptions: { application_name: expected },
  });
});

it.each(['ssl=no', 'ssl=require', 'servicefile=/x', 'oauth_issuer=y', 'sslnegotiation=direct'])(
  'a parameter that means something else to the driver is refused: %s',
  (parameters) => {
    expect(() => parse(`postgres://h/d?${parameters}`)).toThrow(/cannot be honoured/);
  },
);

it.each(['geheim', '12345678'])(
  'what stands for the port may be part of a password, and is not printed: %s',
  async (part) => {
    // What a file .env leaves of postgres://ann:geheim#1@h/d without quotation marks.
    await expect(urlOfServer('DATABASE_URL', `postgres://ann:${part}`)).rejects.toThrow(
      /in a file \.env, all after a # is a comment/,
    );
    await expect(urlOfServer('DATABASE_URL', `postgres://ann:${part}`)).rejects.not.toThrow(part);
  },
);

it('several hosts are refused, and why', () => {
  expect(() => parse('postgres://ann:geheim@one:5432,other:5432/d')).toThrow('node-postgres connects to one');
});

it('the URL of a connection means that connection', () => {
  for (const host of ['db.example', '/var/run/postgresql', '::1']) {
    const connection = parse('postgres://us%40er:p%2Fw%3A%23@h:6543/our%20pets');
    expect(parse(urlFromConnection({ ...connection, host }))).toEqual({ ...connection, host });
  }
});

it.each([
  ['postgres://u:p@h:5432/d?sslmode=disable', 'postgres://u:p@h:5432/other?sslmode=disable'],
  ['postgres:///d?host=/var/run/postgresql', 'postgres:///other?host=/var/run/postgresql'],
  ['socket:///var/run/postgresql?db=d&encoding=utf8', 'socket:///var/run/postgresql?db=other&encoding=utf8'],
])('beside %s there is %s', (url, expected) => {
  expect(urlOfSibling(url, 'other')).toBe(expected);
});
