import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { connectionFromUrl, messageOf, sessionOpener, urlOfServer } from '../../src/configuration';
import { dropDatabases } from '../support/database';
import { stopOwnServers } from '../support/own-server';
import { serverUrl } from '../support/server';
import { hasOpenssl, withTls } from '../support/tls';

// Whoever cannot connect reads the server's or Node.js's own words first, then what to type: the same from each command. That
// it is the same is tested with commands; what it is, case by case, in this process.

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-errors-'));
const servers: net.Server[] = [];

afterEach(() => servers.splice(0).forEach((server) => server.close()));
afterAll(() => fs.rmSync(folder, { recursive: true }));
afterAll(stopOwnServers);
afterAll(() => dropDatabases());

function explanationAfter(words: string, message: string): string {
  const begin = `${words}. `;
  expect(message.slice(0, begin.length)).toBe(begin);
  expect(message).not.toMatch(/\n|geheim/);
  return message.slice(begin.length);
}

/** The same for the error of a session that cannot be opened, which is what a command prints. */
async function explanationOf(url: string, words: string): Promise<string> {
  const place = 'DATABASE_URL';
  const connection = connectionFromUrl(place, await urlOfServer(place, url));
  const error: unknown = await sessionOpener(connection, place)().then(
    (session) => session.end(),
    (reason: unknown) => reason,
  );
  return explanationAfter(words, messageOf(error));
}

/** A server that answers each connection with an error. */
async function refusingServer(code: string, message: string): Promise<string> {
  const fields = [`SFATAL`, `VFATAL`, `C${code}`, `M${message}`].map((field) => `${field}\0`).join('');
  const body = Buffer.from(`${fields}\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(body.length + 4, 1);
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([header, body])));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `postgres://ann:geheim@127.0.0.1:${String(port)}/pets`;
}

describe('a server that lets nobody in', () => {
  const ENTRY = 'no pg_hba.conf entry for host "10.0.0.1", user "ann", database "pets"';

  it.each([
    [
      '28000',
      `${ENTRY}, no encryption`,
      /does not let the user ann in\. If it demands TLS, add sslmode=require .* in DATABASE_URL;/,
    ],
    ['28000', `${ENTRY}, SSL off`, /add sslmode=require/],
    ['28000', `${ENTRY}, SSL encryption`, /Correct its pg_hba\.conf or the role, or correct DATABASE_URL\./],
    ['28000', 'role "ann" is not permitted to log in', /Correct its pg_hba\.conf or the role/],
    ['28000', 'kein pg_hba.conf-Eintrag für Host »10.0.0.1«', /does not let the user ann in/],
    [
      '28P01',
      'password authentication failed for user "ann"',
      /refuses the user ann or the password\. .* percent-encoded/,
    ],
    ['53300', 'sorry, too many clients already', /Run the same command again/],
    ['08P01', 'unsupported startup parameter: options', /a pooler passes on no such parameter/],
    ['57P03', 'the database system is starting up', /Run the same command again/],
  ])('is quoted, and explained: %s %s', async (code, message, explanation) => {
    const url = await refusingServer(code, message);
    expect(await explanationOf(url, message)).toMatch(explanation);
  });
});

(hasOpenssl() ? describe : describe.skip)('a server that demands TLS (needs openssl)', () => {
  let server: Awaited<ReturnType<typeof withTls>>;

  beforeAll(async () => {
    server = await withTls(serverUrl());
  });

  afterAll(() => server.close());

  it.each([
    ['', 'Connection terminated unexpectedly', /demands TLS: add sslmode=require .* in DATABASE_URL\.$/],
    ['?sslmode=verify-full', 'self-signed certificate', /is not trusted\. .* sslrootcert=FILE;/],
    ['?sslmode=verify-full&sslrootcert=system', 'self-signed certificate', /is not trusted\./],
    ['?sslrootcert=system', 'self-signed certificate', /is not trusted\./],
  ])('is explained for a URL that ends in "%s"', async (parameters, words, explanation) => {
    expect(await explanationOf(`${server.url}${parameters}`, words)).toMatch(explanation);
  });
});
