import { once } from 'node:events';
import type { Server } from 'node:net';

/** Has a server listen on this machine only. @returns the port that the system has given it */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('The system gives no port.');
}
