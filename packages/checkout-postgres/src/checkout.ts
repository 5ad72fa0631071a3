import fs from 'node:fs';
import path from 'node:path';
import { createMissingDatabase } from './database';
import { locationOf, type Location } from './location';
import { inMemory } from './memory';
import { startServer, stopServer, type Server } from './server';
import { packageFromEnvironment, settingsOf } from './settings';

/** A database on a checkout's own server, which is running. */
export interface CheckoutDatabase {
  /** The URL, with the password. */
  readonly url: string;
  /** One line to print, without the password. */
  readonly notice: string;
  /** Creates the database unless it exists; checks only once in a process. */
  readonly createMissing: () => Promise<void>;
}

export interface CheckoutDatabaseOptions {
  /**
   * On a second server, in memory, for tests: it is fast, and its data is lost when the machine loses its power. Where
   * memory is short, on the same server.
   */
  readonly inMemory?: boolean;
}

/** For a server in memory: its data need not survive a crash of the machine, and should take little memory. */
const IN_MEMORY = { fsync: 'off', full_page_writes: 'off', min_wal_size: '32MB', max_wal_size: '128MB' };

/**
 * In the URL, like sslmode, because a driver takes what is missing there from PGOPTIONS and PGSSLMODE, which are meant
 * for another server.
 */
const OPTIONS = '-c search_path="$user",public';

/**
 * A database on the server of a checkout. Starts the server unless it is running.
 *
 * @param checkout the folder whose package.json has the settings, under `checkout-postgres`
 * @throws with one line where the server does not run on this system
 */
export async function checkoutDatabase(
  checkout: string,
  name: string,
  { inMemory: isInMemory = false }: CheckoutDatabaseOptions = {},
): Promise<CheckoutDatabase> {
  const memory = isInMemory ? memoryLocation(checkout) : undefined;
  const server = await startServer(memory ?? diskLocation(checkout), memory ? IN_MEMORY : {});
  const { host, port, username, started } = server;
  const place = `${username}@${host}:${String(port)}/${name}`;
  let created: Promise<void> | undefined;
  return {
    url: urlOf(server, name),
    notice: `${started ? 'Started' : 'Using'} the embedded PostgreSQL of this checkout: postgres://${place}`,
    createMissing: () => {
      created ??= createMissingDatabase(server, name);
      return created;
    },
  };
}

function urlOf({ username, password, host, port }: Server, database: string): string {
  const place = `${host}:${String(port)}/${encodeURIComponent(database)}`;
  const options = encodeURIComponent(OPTIONS);
  return `postgres://${username}:${password}@${place}?sslmode=disable&options=${options}`;
}

/**
 * Stops the servers of a checkout. The data of the one on disk stays; the data of the one in memory is deleted.
 *
 * @returns whether one was running
 */
export async function stopCheckoutServers(checkout: string): Promise<boolean> {
  const stopped = await stopServer(diskLocation(checkout));
  const memory = memoryLocation(checkout);
  if (!memory) return stopped;
  const stoppedInMemory = await stopServer(memory);
  fs.rmSync(memory.folder, { recursive: true, force: true });
  return stopped || stoppedInMemory;
}

function diskLocation(checkout: string): Location {
  const { name, folder } = settingsOf(checkout);
  return {
    ...locationOf(checkout, path.join(checkout, folder), name),
    package: packageFromEnvironment(),
  };
}

function memoryLocation(checkout: string): Location | undefined {
  return inMemory(diskLocation(checkout), `${settingsOf(checkout).name}-in-memory`);
}
