import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { TestDatabase } from './database';

const open: Client[] = [];

/** A session of somebody else's, with an application name, which stays open. */
export async function openSession({ url }: TestDatabase, name = 'somebody'): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on('error', () => undefined); // its database is dropped at the end
  await client.connect();
  open.push(client);
  return client;
}

export async function closeSessions(): Promise<void> {
  await Promise.all(open.splice(0).map((client) => client.end()));
}

/** Waits until some session of a database waits for a lock. */
export async function untilSomebodyWaits(database: TestDatabase): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`;
  while ((await database.query(waiting)).length === 0) await sleep(20);
}
