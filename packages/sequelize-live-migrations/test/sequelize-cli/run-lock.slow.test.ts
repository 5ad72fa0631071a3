import net from 'node:net';
import { RUN_LOCK, WORK_LOCK } from '../../src/postgres';
import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { eventually } from '../support/eventually';
import { MIGRATIONS, PETS } from '../support/fixture-project';
import { listening } from '../support/listening';
import { migrate } from '../support/migrator';
import { migrateUnder } from '../support/run-lock';
import { recordsOf } from '../support/schema';
import { closeSessions, hold, openSession } from '../support/session';
import { nameIn, urlWith } from '../support/urls';

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

it('db:migrate has two sessions of the server, one with its lock and one that works', async () => {
  const [database, another] = [await createDatabase(), await createDatabase()];
  expect(await sequelizeCli('db:migrate', database.url)).toMatchObject({ code: 0 });
  const name = nameIn(database.url);
  const ended = `SELECT FROM pg_stat_activity WHERE datname = '${name}'`;
  await eventually('its sessions have ended', async () => (await another.query(ended)).length === 0);
  // PostgreSQL 14 counts them a moment later.
  const counted = await eventually('the server has counted them', async () => {
    const [row] = await another.query(`SELECT sessions FROM pg_stat_database WHERE datname = '${name}'`);
    return Number(row?.['sessions']) > 1 && row;
  });
  expect(counted).toEqual({ sessions: '2' });
});

it('db:migrate keeps its lock on a server that ends idle sessions, and ends where it has lost it', async () => {
  const database = await createDatabase();
  await migrate(database, (umzug) => umzug.up({ to: PETS }));
  const name = nameIn(database.url);
  await database.query(`ALTER DATABASE ${name} SET idle_session_timeout = '1s'`);
  const reader = await openSession(database);
  await reader.query('BEGIN; SELECT FROM pets');
  const kept = sequelizeCli('db:migrate', database.url);
  const pidOfLock = async (condition: string) => {
    const rows = await database.query(
      `SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND (classid, objid) = (${RUN_LOCK.join(', ')}) AND granted
         AND datname = current_database() AND ${condition}`,
    );
    return rows[0]?.['pid'];
  };
  const pid = await eventually('db:migrate holds its lock', () => pidOfLock('true'));
  let isEnded = false;
  (await openSession(database)).once('end', () => (isEnded = true));
  await eventually('the server ends another idle session', () => isEnded);
  const isIdle = "state = 'idle' AND clock_timestamp() - state_change > '1s'";
  expect(await eventually('the lock was idle for as long', () => pidOfLock(isIdle))).toBe(pid);
  await database.query(`SELECT pg_terminate_backend(${String(pid)})`);
  const { code, stderr } = await kept;
  expect(code).toBe(1);
  expect(stderr).toContain('The connection that holds the lock of this run is gone');
  await reader.query('COMMIT');
  expect((await sequelizeCli('db:migrate', database.url)).code).toBe(0);
});

it('db:migrate:status does not wait; db:migrate goes on when the other run ends, which may build concurrently', async () => {
  const database = await createDatabase();
  const { holder } = await hold(RUN_LOCK, database);
  const waiting = sequelizeCli('db:migrate', database.url);
  expect((await sequelizeCli('db:migrate:status', database.url)).code).toBe(0);
  const asks = `SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%advisory%'`;
  await eventually('db:migrate asks for the lock', async () => (await holder.query(asks)).rowCount === 1);
  // Would wait for ever for the snapshot of a run that waits in pg_advisory_lock.
  await holder.query('CREATE TABLE others (name text)');
  await holder.query('CREATE INDEX CONCURRENTLY ON others (name)');
  await holder.end();
  expect((await waiting).code).toBe(0);
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});

/** A way to the server that ends connections on which nothing is sent for some time, as proxies and firewalls do. */
async function impatientProxy(url: string, idleMs: number) {
  const { hostname, port } = new URL(url);
  let ended = 0;
  const proxy = net.createServer((client) => {
    const server = net.connect(Number(port), hostname);
    const sockets = [client, server];
    const end = () => sockets.forEach((socket) => socket.destroy());
    for (const socket of sockets) socket.on('error', end).on('close', end);
    client.setTimeout(idleMs, () => {
      ended += 1;
      end();
    });
    client.pipe(server).pipe(client);
  });
  const own = { hostname: '127.0.0.1', port: String(await listening(proxy)) };
  return { url: urlWith(url, own), proxy, ended: () => ended };
}

it.each([
  ['', 3000],
  [' --to ' + PETS, 4000],
])(
  'db:migrate%s works through a proxy that ends connections which are idle for %i ms',
  async (to, idleMs) => {
    const database = await createDatabase();
    await database.query(`CREATE TABLE pets (id serial PRIMARY KEY, name varchar(255) NOT NULL)`);
    const reader = await openSession(database);
    await reader.query('BEGIN; SELECT FROM pets');
    const { url, proxy, ended } = await impatientProxy(database.url, idleMs);
    const idle = net.connect(Number(new URL(url).port), '127.0.0.1');
    const migrating = sequelizeCli(`db:migrate${to}`, url);
    await eventually('the proxy ends an idle connection', () => ended() > 0);
    await eventually('the run has waited for longer than that', async () => {
      const [row] = await database.query(
        `SELECT max(clock_timestamp() - backend_start) > '${String(2 * idleMs)} ms' AS found
       FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND (classid, objid) = (${RUN_LOCK.join(', ')}) AND datname = current_database()`,
      );
      return row?.['found'] === true;
    });
    await reader.query('COMMIT');
    expect(await migrating).toMatchObject({ code: 0, stderr: '' });
    idle.destroy();
    proxy.close();
  },
);

it('a run that waits has no connection between its looks', async () => {
  const database = await createDatabase();
  const { holder } = await hold(RUN_LOCK, database);
  const waiting = sequelizeCli('db:migrate', database.url);
  const others = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
  const seen = new Set<unknown>();
  let looksWithout = 0;
  await eventually('it has looked three times, and gone in between', async () => {
    const { rows } = await holder.query<{ pid: number }>(others);
    if (rows.length === 0 && seen.size > 0) looksWithout += 1;
    rows.forEach(({ pid }) => seen.add(pid));
    return seen.size >= 3 && looksWithout >= 3;
  });
  await holder.end();
  expect((await waiting).code).toBe(0);
});

it.each([['the last statement of a killed one', WORK_LOCK]])(
  'db:migrate waits for %s, says for which session, and gives up in time',
  async (_, lock) => {
    const { who, code, stdout, stderr } = await migrateUnder(lock, await createDatabase());
    expect(code).toBe(1);
    expect(stdout).toContain(`Waiting for another run to end: ${who}`);
    expect(stderr).toContain(who);
  },
);
