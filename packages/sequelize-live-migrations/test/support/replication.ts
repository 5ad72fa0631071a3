import { Client } from 'pg';
import { eventually } from './eventually';
import type { OwnServer } from './own-server';

// Standbys and subscribers, of servers of a test's own.

/** Runs SQL in a session of its own. @returns the rows of the last statement */
export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const results = [await client.query<Record<string, unknown>>(sql)].flat();
    return results.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** Makes a standby of a server from a copy of its stopped data folder, and waits until it follows. */
export async function addStandby(primary: OwnServer, name: string): Promise<OwnServer> {
  await primary.stop();
  const standby = primary.copy();
  await primary.start();
  const { hostname, port, username, password } = new URL(primary.url);
  standby.configure({
    primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password} application_name=${name}`,
    wal_retrieve_retry_interval: '100ms',
    max_standby_streaming_delay: '20s',
  });
  standby.beStandby();
  await standby.start();
  await untilConnected(primary, name);
  return standby;
}

/** Waits until a standby or a subscriber streams. */
export async function untilConnected(server: OwnServer, name: string): Promise<void> {
  const sql = `SELECT FROM pg_stat_replication WHERE application_name = '${name}' AND state = 'streaming'`;
  await eventually(`${name} streams`, async () => (await ask(server.url, sql)).length > 0);
}

/** Sets a server's settings while it runs. */
export async function set(server: OwnServer, settings: Readonly<Record<string, string>>): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  for (const [name, value] of Object.entries(settings)) {
    await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await client.query('SELECT pg_reload_conf()');
    await eventually(`${name} is "${value}"`, async () => (await settingOf(server.url, name)) === value);
  }
  await client.end();
}

async function settingOf(url: string, name: string): Promise<unknown> {
  const [row] = await ask(url, `SELECT current_setting('${name}') AS value`);
  return row?.['value'];
}

/** Keeps a standby from receiving anything, as one that hangs, until the function that it returns is called. */
export async function holdReceiver(standby: OwnServer): Promise<() => void> {
  const [row] = await ask(standby.url, 'SELECT pid FROM pg_stat_wal_receiver');
  const pid = Number(row?.['pid']);
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}

/**
 * Reads a table every few milliseconds, in sessions of their own, until `end` is called.
 *
 * @returns its longest wait, in milliseconds
 */
export function readAllTheTime(url: string, sql: string) {
  let isEnded = false;
  let longest = 0;
  const read = async () => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    while (!isEnded) {
      const begun = performance.now();
      await client.query(sql).catch(() => undefined); // a table that is kept aside is not there
      longest = Math.max(longest, performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await client.end();
  };
  const reading = Promise.all([read(), read()]);
  return async () => {
    isEnded = true;
    await reading;
    return Math.round(longest);
  };
}
