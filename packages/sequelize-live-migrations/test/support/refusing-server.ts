import net from 'node:net';
import { listening } from './listening';

const servers: net.Server[] = [];

/** A server that answers each connection with an error. It goes by `closeRefusingServers`. */
export async function refusingServer(code: string, message: string): Promise<string> {
  const fields = [`SFATAL`, `VFATAL`, `C${code}`, `M${message}`].map((field) => `${field}\0`).join('');
  const body = Buffer.from(`${fields}\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(body.length + 4, 1);
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([header, body])));
  });
  servers.push(server);
  const port = await listening(server);
  return `postgres://ann:geheim@127.0.0.1:${String(port)}/pets`;
}

/** For `afterEach`. */
export function closeRefusingServers(): void {
  servers.splice(0).forEach((server) => server.close());
}

/** What follows the server's words in a message, which is one line and has no password. */
export function explanationAfter(words: string, message: string): string {
  const begin = `${words}. `;
  expect(message.slice(0, begin.length)).toBe(begin);
  expect(message).not.toMatch(/\n|geheim/);
  return message.slice(begin.length);
}
