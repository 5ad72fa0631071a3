import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { type, typedIn } from '../support/cli';
import { eventually } from '../support/eventually';
import { copyFixture, FIXTURE, removeCopies } from '../support/fixture-project';
import { type OwnServer, startOwnServer, stopOwnServers } from '../support/own-server';
import { migrate } from '../support/migrator';
import { runScript } from '../support/psql';
import { addStandby, ask, holdReceiver, readAllTheTime, set, untilConnected } from '../support/replication';

// A primary whose commits wait for a standby, and that standby, stopped or held up by its readers.

let pair: { readonly primary: OwnServer; readonly standby: OwnServer } | undefined;
const servers = () => {
  if (!pair) throw new Error('The servers have not been started.');
  return pair;
};
const url = () => servers().primary.url;
let release: () => void = () => undefined;

beforeAll(async () => {
  const primary = await startOwnServer({ synchronous_commit: 'on' });
  pair = { primary, standby: await addStandby(primary, 's1') };
});

beforeEach(async () => {
  await set(servers().primary, { synchronous_standby_names: '', synchronous_commit: 'on' });
  await migrate({ url: url() }, (umzug) => umzug.up());
  await ask(url(), 'INSERT INTO pets (name) SELECT n::text FROM generate_series(1, 100) AS n');
  await set(servers().primary, { synchronous_standby_names: 's1' });
});

afterEach(async () => {
  release();
  release = () => undefined;
  await set(servers().primary, { synchronous_standby_names: '' });
  await ask(url(), 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

afterAll(async () => {
  await stopOwnServers();
  removeCopies();
});

/** A wait for the standby is at least as long; no reader may have to wait for nearly as long. */
const IMPATIENT = { env: { MIGRATION_LOCK_WAIT: '2' } };
const LONGEST_MS = 1000;
const VERY_IMPATIENT = { env: { MIGRATION_LOCK_WAIT: '1' } };

const WAITING =
  /committed, and waiting for a standby to confirm it: synchronous_standby_names is s1; connected: (.*)\. No lock/;

describe('a standby that does not answer', () => {
  it.each(['db:migrate:undo:all', 'db:migrate'])(
    'stops no reader of the primary; the run says what it waits for, ends, and the same command does the rest: %s',
    async (command) => {
      if (command === 'db:migrate') await migrate({ url: url() }, (umzug) => umzug.down({ to: 0 }));
      release = await holdReceiver(servers().standby);
      const end = readAllTheTime(url(), 'SELECT count(*) FROM pets');
      const { code, stdout, stderr } = await type(command, url(), IMPATIENT);
      expect(await end()).toBeLessThan(LONGEST_MS);
      expect(code).toBe(1);
      expect(WAITING.exec(stdout)?.[1]).toMatch(/^s1 streaming last heard of \d+ s ago$/);
      expect(stderr).toMatch(
        /^ERROR: No standby has confirmed the commit, in up to 2 s: .* committed on this server, .* ALTER SYSTEM SET synchronous_standby_names [^\n]*\n$/,
      );
      release();
      expect(await type(command, url())).toMatchObject({ code: 0, stderr: '' });
      const [log] = await ask(url(), 'SELECT count(*)::int AS count FROM "SequelizeMeta"');
      expect(log).toEqual({ count: command === 'db:migrate' ? 3 : 0 });
    },
  );

  it('that comes back meanwhile lets the run go on', async () => {
    release = await holdReceiver(servers().standby);
    const running = typedIn(FIXTURE).startSequelizeCli('db:migrate:undo:all', url());
    let said = '';
    running.stdout.on('data', (text) => (said += String(text)));
    const ended = once(running, 'close');
    await eventually('the run waits', () => WAITING.test(said));
    release();
    expect(await ended).toEqual([0, null]);
  });

  it('that is taken out of the settings meanwhile lets the run go on', async () => {
    release = await holdReceiver(servers().standby);
    const running = typedIn(FIXTURE).startSequelizeCli('db:migrate:undo', url());
    let said = '';
    running.stdout.on('data', (text) => (said += String(text)));
    const ended = once(running, 'close');
    await eventually('the run waits', () => WAITING.test(said));
    await set(servers().primary, { synchronous_standby_names: '' });
    expect(await ended).toEqual([0, null]);
  });

  it('holds up no command that changes nothing', async () => {
    release = await holdReceiver(servers().standby);
    for (const command of ['plan', 'check', 'db:migrate:status', 'db:migrate', 'purge'])
      expect(await type(command, url())).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['in one transaction', 'module.exports = { up: (q) => q.addColumn("pets", "age", "integer") };'],
    [
      'in none',
      'module.exports = { up: (q) => q.addIndex("pets", ["name"], { concurrently: true, name: "pets_twice" }) };',
    ],
  ])('stops no reader behind a plain migration either: %s', async (_, code) => {
    const folder = copyFixture();
    fs.writeFileSync(path.join(folder, 'migrations/20260101-plain.js'), code);
    release = await holdReceiver(servers().standby);
    const end = readAllTheTime(url(), 'SELECT count(*) FROM pets');
    const { stdout, stderr } = await typedIn(folder).sequelizeCli('db:migrate', url(), IMPATIENT);
    expect(await end()).toBeLessThan(LONGEST_MS);
    expect(stdout).toMatch(WAITING);
    expect(stderr).toContain('No standby has confirmed the commit');
    release();
    expect((await typedIn(folder).sequelizeCli('db:migrate', url())).code).toBe(0);
  });

  it('is named as far as the role may see it, which may be little', async () => {
    await ask(url(), "CREATE ROLE weak LOGIN PASSWORD 'geheim'; ALTER SCHEMA public OWNER TO weak");
    const weak = new URL(url());
    [weak.username, weak.password] = ['weak', 'geheim'];
    await ask(url(), 'DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION weak');
    release = await holdReceiver(servers().standby);
    const { stdout, stderr } = await type('db:migrate', weak.href, VERY_IMPATIENT);
    expect(WAITING.exec(stdout)?.[1]).toBe('s1');
    expect(stderr).toContain('No standby has confirmed the commit');
    release();
    expect((await type('db:migrate', weak.href)).code).toBe(0);
  });

  it('the script of db:plan holds no lock meanwhile, and waits at its end', async () => {
    await migrate({ url: url() }, (umzug) => umzug.down({ to: 0 }));
    const planned = await type('plan', url());
    expect(planned.stdout).toContain('SET synchronous_commit = local;');
    await runScript({ url: url() }, planned.stdout);
    expect((await type('plan', url())).stdout).toBe('-- Nothing is pending.\n');
  });
});

it('a standby that is down is named as missing', async () => {
  await servers().standby.stop();
  const { stdout, stderr } = await type('db:migrate:undo', url(), VERY_IMPATIENT);
  expect(WAITING.exec(stdout)?.[1]).toBe('none');
  expect(stderr).toContain('connected: none. ');
  await servers().standby.start();
  await untilConnected(servers().primary, 's1');
  expect((await type('db:migrate', url())).code).toBe(0);
});

describe('a reader on the standby that holds up the replay of a lock', () => {
  const holdUp = async () => {
    const { primary, standby } = servers();
    const [at] = await ask(primary.url, 'SELECT pg_current_wal_lsn() AS lsn');
    const replayed = `SELECT pg_last_wal_replay_lsn() >= '${String(at?.['lsn'])}' AS done`;
    await eventually(
      'the standby has it all',
      async () => (await ask(standby.url, replayed))[0]?.['done'] === true,
    );
    const reader = new Client({ connectionString: standby.url });
    reader.on('error', () => undefined);
    await reader.connect();
    await reader.query('BEGIN; SELECT count(*) FROM toys');
    return async () => {
      await reader.query('COMMIT').catch(() => undefined);
      await reader.end();
    };
  };

  it.each(['', 's1'])(
    'is noticed and said, and stops neither the run nor a reader of the primary: synchronous "%s"',
    async (names) => {
      await set(servers().primary, { synchronous_standby_names: names, synchronous_commit: 'remote_apply' });
      const letGo = await holdUp();
      const end = readAllTheTime(url(), 'SELECT count(*) FROM toys');
      const { code, stdout } = await type('db:migrate:undo', url());
      expect(await end()).toBeLessThan(LONGEST_MS);
      await letGo();
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /standby s1 has received this, and not replayed it \d+ s later: .* read toys\. .* max_standby_streaming_delay/,
      );
      await set(servers().primary, { synchronous_commit: 'on' });
    },
  );

  it('is none where it reads another table', async () => {
    const reader = new Client({ connectionString: servers().standby.url });
    await reader.connect();
    await reader.query('BEGIN; SELECT count(*) FROM pg_class');
    expect((await type('db:migrate:undo:all', url())).stdout).not.toContain('standby');
    await reader.end();
  });
});
