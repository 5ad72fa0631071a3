import fs from 'node:fs';
import path from 'node:path';
import { type } from './cli';
import { eventually } from './eventually';
import { migrate } from './migrator';
import { type OwnServer, startOwnServer } from './own-server';
import { ask } from './replication';

// A publisher and a subscriber of a test file's own.

export type ServerName = 'publisher' | 'subscriber';

let pair: { readonly publisher: OwnServer; readonly subscriber: OwnServer } | undefined;
export const servers = () => {
  if (!pair) throw new Error('The servers have not been started.');
  return pair;
};
export const publisher = (sql: string) => ask(servers().publisher.url, sql);
export const subscriber = (sql: string) => ask(servers().subscriber.url, sql);
/** Types one of this package's commands. */
export const on = (server: ServerName, command: string) => type(command, servers()[server].url);

/** Runs all migrations, and gives what they have reported. */
export const up = (server: ServerName) => migrate(servers()[server], (umzug) => umzug.up());

/** Undoes one of them. */
export const undo = (server: ServerName, name: string) =>
  migrate(servers()[server], (umzug) => umzug.down(name));

export async function startLogicalReplication(): Promise<void> {
  const settings = { wal_level: 'logical', wal_retrieve_retry_interval: '100ms' };
  pair = { publisher: await startOwnServer(settings), subscriber: await startOwnServer(settings) };
}

/** Ends the subscription, wherever it has stopped, and empties both databases. */
export async function withoutReplication(): Promise<void> {
  await subscriber('ALTER SUBSCRIPTION sub DISABLE').catch(() => undefined);
  await subscriber('ALTER SUBSCRIPTION sub SET (slot_name = NONE)').catch(() => undefined);
  await subscriber('DROP SUBSCRIPTION IF EXISTS sub');
  const active = 'SELECT FROM pg_replication_slots WHERE active';
  await eventually('the slots are free', async () => (await publisher(active)).length === 0);
  await publisher('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots');
  await publisher('DROP PUBLICATION IF EXISTS pub');
  for (const query of [publisher, subscriber])
    await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
}

/** Migrates both, and has the subscriber follow. */
export async function replicate(publication: string): Promise<void> {
  for (const server of ['publisher', 'subscriber'] as const) await up(server);
  await publisher(`CREATE PUBLICATION pub FOR ${publication}`);
  await subscribe();
}

export async function subscribe(): Promise<void> {
  const { hostname, port, username, password } = new URL(servers().publisher.url);
  const connection = `host=${hostname} port=${port} user=${username} password=${password} dbname=postgres`;
  await subscriber(`CREATE SUBSCRIPTION sub CONNECTION '${connection}' PUBLICATION pub`);
  await eventually('the tables are copied', async () => {
    const [row] = await subscriber(
      "SELECT count(*)::int AS left FROM pg_subscription_rel WHERE srsubstate <> 'r'",
    );
    return row?.['left'] === 0;
  });
}

let written = 0;

/** Writes a row, which nothing but its table's name and that of one column has to be known for. */
export async function write(table = 'pets'): Promise<void> {
  written += 1;
  await publisher(`INSERT INTO ${table} (name) VALUES ('row ${String(written)}')`);
}

const namesIn = (table: string) => `SELECT name FROM ${table} ORDER BY name`;

/** Waits until the subscriber has all rows of a table that the publisher has. */
export async function untilApplied(table = 'pets'): Promise<void> {
  const wanted = JSON.stringify(await publisher(namesIn(table)));
  await eventually(
    `${table} is the same on both`,
    async () => JSON.stringify(await subscriber(namesIn(table)).catch(() => [])) === wanted,
  );
}

/** The log of the subscriber's server. */
export const logFile = () => path.join(servers().subscriber.folder, 'server.log');

export const logLength = () => fs.readFileSync(logFile(), 'utf8').length;

/** Waits until the subscriber's log says why the subscription has stopped. */
export function stoppedBy(reason: string | RegExp, since: number): Promise<boolean> {
  return eventually(`the subscription stops: ${String(reason)}`, () =>
    has(fs.readFileSync(logFile(), 'utf8').slice(since), reason),
  );
}

function has(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
