import { once } from 'node:events';
import { Client } from 'pg';
import { typedIn } from '../support/cli';
import { eventually } from '../support/eventually';
import { FIXTURE, MIGRATIONS } from '../support/fixture-project';
import { type OwnServer, startOwnServer, stopOwnServers } from '../support/own-server';
import { addStandby, ask, set } from '../support/replication';

// The primary crashes in the middle of a command, its standby becomes the primary, and the same command, with the same
// URL, does the rest.

let [primary, standby]: OwnServer[] = [];

beforeEach(async () => {
  primary = await startOwnServer({ synchronous_commit: 'on' });
  standby = await addStandby(primary, 's1');
});

afterEach(stopOwnServers);

const SELECT_LOG = 'SELECT name FROM "SequelizeMeta" ORDER BY 1';

/** Of the connection that is first to notice. */
const LOST =
  /^ERROR: (Connection terminated|read ECONNRESET|terminating connection|the database system is shutting down)[^\n]*(lost in the middle of|lock of this run is gone|while a standby was waited for)[^\n]* Run the same command again[^\n]*\n$/;

/** Its table is kept aside, and waits to be dropped: it is not unlogged before. */
const HALF_UNDONE = `SELECT to_regclass('toys')::text AS toys, to_regclass('undone_toys')::text AS aside,
  (SELECT count(*)::int FROM "SequelizeMeta") AS logged`;

/** The URL that names both, and finds the one that accepts writes. */
function urlOfBoth(one: OwnServer, other: OwnServer): string {
  const [first, second] = [new URL(one.url), new URL(other.url)];
  const { username, password, host, pathname } = first;
  return `postgres://${username}:${password}@${host},${second.host}${pathname}?target_session_attrs=read-write`;
}

/** Keeps a table locked, so that a command stops there. */
async function lock(url: string, table: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // its server crashes
  await client.connect();
  await client.query(`BEGIN; SELECT FROM ${table}`);
  return () => client.end().catch(() => undefined);
}

it.each([true, false])(
  'in the middle of db:migrate:undo:all, and of db:migrate; the standby is synchronous: %s',
  async (isSynchronous) => {
    if (!primary || !standby) throw new Error('The servers have not been started.');
    const url = urlOfBoth(standby, primary);
    const { startSequelizeCli, succeed } = typedIn(FIXTURE);
    await succeed('db:migrate', url);
    await ask(primary.url, "INSERT INTO pets (name) VALUES ('Rex')");
    if (isSynchronous) await set(primary, { synchronous_standby_names: 's1' });
    const unlock = await lock(primary.url, 'pets');
    const running = startSequelizeCli('db:migrate:undo:all', url);
    let said = '';
    let failed = '';
    running.stdout.on('data', (text) => (said += String(text)));
    running.stderr.on('data', (text) => (failed += String(text)));
    const ended = once(running, 'close');
    await eventually('the undo waits for pets', () => said.includes('waiting for a lock on pets'));
    const lsn = await ask(primary.url, 'SELECT pg_current_wal_lsn()::text AS lsn');
    const arrived = `SELECT pg_last_wal_receive_lsn() >= '${String(lsn[0]?.['lsn'])}' AS done`;
    const { url: standbyUrl } = standby;
    await eventually(
      'the standby has it',
      async () => (await ask(standbyUrl, arrived))[0]?.['done'] === true,
    );
    await primary.crash();
    expect(await ended).toEqual([1, null]);
    expect(failed).toMatch(LOST);
    await unlock();
    await ask(standby.url, 'SELECT pg_promote(true, 30)');
    expect(await ask(standby.url, HALF_UNDONE)).toEqual([{ toys: null, aside: 'undone_toys', logged: 3 }]);
    if (isSynchronous) await set(standby, { synchronous_standby_names: '' });
    expect((await succeed('db:migrate:undo:all', url)).stderr).toBe('');
    expect(await ask(standby.url, SELECT_LOG)).toEqual([]);
    await succeed('db:migrate', url);
    expect(await ask(standby.url, SELECT_LOG)).toEqual(MIGRATIONS.map((name) => ({ name })));
    expect(await ask(standby.url, 'SELECT name FROM pets')).toEqual([{ name: 'Rex' }]);
  },
);

it('the primary crashes while a commit is waited for: the message says what is not known', async () => {
  if (!primary || !standby) throw new Error('The servers have not been started.');
  const url = urlOfBoth(primary, standby);
  await set(primary, { synchronous_standby_names: 'another' });
  const running = typedIn(FIXTURE).startSequelizeCli('db:migrate', url);
  let said = '';
  let failed = '';
  running.stdout.on('data', (text) => (said += String(text)));
  running.stderr.on('data', (text) => (failed += String(text)));
  const ended = once(running, 'close');
  await eventually('it waits for a standby', () => said.includes('waiting for a standby to confirm it'));
  await primary.crash();
  expect(await ended).toEqual([1, null]);
  expect(failed).toMatch(LOST);
  await ask(standby.url, 'SELECT pg_promote(true, 30)');
  await set(standby, { synchronous_standby_names: '' });
  await typedIn(FIXTURE).succeed('db:migrate', url);
  expect(await ask(standby.url, SELECT_LOG)).toEqual(MIGRATIONS.map((name) => ({ name })));
});
