import { Client } from 'pg';
import { processIdOf } from './stand-in';

const clients = new Set<Client>();
let isNoted = false;

/**
 * Takes note of the sessions of this process that node-postgres opens from now on, whoever asks for them: a migration may
 * have connections of its own.
 */
export function noteOwnSessions(): void {
  if (isNoted) return;
  isNoted = true;
  const connect: unknown = Reflect.get(Client.prototype, 'connect');
  if (typeof connect !== 'function') return;
  Reflect.set(Client.prototype, 'connect', function (this: Client, ...args: readonly unknown[]): unknown {
    clients.add(this);
    this.once('end', () => clients.delete(this));
    const connecting: unknown = Reflect.apply(connect, this, args);
    return connecting;
  });
}

/** Whether the server process of a number serves a session of this process. */
export function isOwnSession(pid: number): boolean {
  return [...clients].some((client) => processIdOf(client) === pid);
}
