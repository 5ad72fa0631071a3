import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { listening } from './listening';
import { serverUrl } from './server';
import { urlWith } from './urls';

/** The first message of a client that asks for TLS: its length, and a code (PostgreSQL manual, 55.7, SSLRequest). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Whether a certificate can be made here. */
export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}

/** A certificate that nobody has signed but itself, of `localhost`, and its key. */
function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', cert];
  const { status, stderr } = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    ...subject,
  ]);
  if (status !== 0) throw new Error(`openssl makes no certificate: ${String(stderr)}`);
  const made = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
  fs.rmSync(folder, { recursive: true });
  return made;
}

/**
 * Stands before a server that has no TLS, and demands it.
 *
 * @returns the URL of the server with TLS, and how to end it
 */
export async function withTls(url: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(url);
  const certificate = selfSigned();
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      if (!first.equals(SSL_REQUEST)) {
        socket.destroy();
        return;
      }
      socket.write('S');
      const secure = new tls.TLSSocket(socket, { isServer: true, ...certificate });
      const behind = net.connect(Number(port), hostname);
      open.add(behind);
      for (const end of [secure, behind]) end.on('error', () => socket.destroy());
      socket.on('close', () => behind.destroy());
      behind.on('close', () => socket.destroy());
      secure.pipe(behind).pipe(secure);
    });
  });
  const ownPort = await listening(server);
  return {
    url: urlWith(url, { hostname: 'localhost', port: String(ownPort) }),
    close: async () => {
      open.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

/** Such a server before that of the tests, for the tests of a `describe`. @returns its URL, once it is there */
export function useTls(): () => string {
  let server: Awaited<ReturnType<typeof withTls>>;
  beforeAll(async () => {
    server = await withTls(serverUrl());
  });
  afterAll(() => server.close());
  return () => server.url;
}
