import { once } from 'node:events';
import { Client } from 'pg';
import { type, typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { FIXTURE, MIGRATIONS } from '../support/fixture-project';
import { migrate } from '../support/migrator';
import {
  describeWithPgbouncer,
  type PoolMode,
  startPool,
  stopPools,
  throughPool,
} from '../support/pgbouncer';
import { recordsOf } from '../support/schema';

afterAll(stopPools);
afterAll(() => dropDatabases());

const COMMANDS = ['db:migrate', 'db:migrate:status', 'db:migrate:undo', 'db:seed:all', 'plan', 'check'];

/** What a pool hands on from one client to the next: the settings of its sessions. The locks are those of all sessions. */
async function leftIn(pooled: string, database: TestDatabase) {
  const client = new Client({ connectionString: pooled });
  await client.connect();
  const { rows } = await client.query(`SELECT array_agg(name || '=' || setting ORDER BY name) AS settings
    FROM pg_settings WHERE source = 'session' AND name <> 'application_name'`);
  await client.end();
  const locks = await database.query(`SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  return { settings: rows, locks };
}

describeWithPgbouncer('through a pool of transactions or statements', () => {
  it.each<PoolMode>(['transaction', 'statement'])(
    'every command is refused in the same line, and nothing is left behind: %s',
    async (mode) => {
      const database = await createDatabase();
      await migrate(database, (umzug) => umzug.up({ to: MIGRATIONS[0] ?? '' }));
      const url = throughPool(await startPool(mode), database);
      const before = await leftIn(url, database);
      const refused = new Set<string>();
      for (const command of COMMANDS) {
        const { code, stderr } = await type(command, url);
        expect(code).toBe(1);
        refused.add(stderr);
      }
      expect([...refused]).toEqual([
        expect.stringMatching(
          /^ERROR: The connection to \S+ is pooled: [^\n]* Nothing was done\. [^\n]* DATABASE_URL, or a pool of sessions [^\n]*\n$/,
        ),
      ]);
      expect(await leftIn(url, database)).toEqual(before);
      expect(await recordsOf(database)).toEqual(MIGRATIONS.slice(0, 1));
    },
  );

  it('the pool is noticed however busy the pool is', async () => {
    const database = await createDatabase();
    const url = throughPool(await startPool('transaction', { sessions: 4 }), database);
    const others = Array.from({ length: 6 }, () => new Client({ connectionString: url }));
    let isBusy = true;
    const busy = others.map(async (client) => {
      await client.connect();
      while (isBusy) await client.query(`SELECT pg_sleep(random() / 200)`);
      await client.end();
    });
    for (let n = 0; n < 5; n += 1) {
      const { code, stderr } = await type('db:migrate', url);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is pooled:') });
    }
    isBusy = false;
    await Promise.all(busy);
  });

  it('a parameter that the pooler does not pass on is explained', async () => {
    const database = await createDatabase();
    const url = `${throughPool(await startPool('session'), database)}?options=-c%20work_mem%3D8MB`;
    const { code, stderr } = await type('db:migrate:status', url);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ERROR: unsupported startup parameter: options\. At \S+ a pooler passes on no such parameter\. [^\n]*\n$/,
    );
  });
});

describeWithPgbouncer('through a pool of sessions', () => {
  it('every command works', async () => {
    const database = await createDatabase();
    const url = throughPool(await startPool('session'), database);
    for (const command of ['db:migrate', 'db:seed:all', 'db:migrate:status', 'check', 'plan']) {
      expect(await type(command, url)).toMatchObject({ code: 0, stderr: '' });
    }
    expect((await type('db:migrate:undo:all', url)).code).toBe(0);
    expect(await recordsOf(database)).toEqual([]);
  });

  it.each([2, 3])('six runs at once take turns where it has only %i sessions', async (sessions) => {
    const database = await createDatabase();
    const url = throughPool(await startPool('session', { sessions }), database);
    const runs = await Promise.all(MIGRATIONS.concat(MIGRATIONS).map(() => type('db:migrate', url)));
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      runs.map(() => ({ code: 0, stderr: '' })),
    );
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
  });

  it('a run waits for one while others have them all, and says so', async () => {
    const database = await createDatabase();
    const url = throughPool(await startPool('session', { sessions: 2, waitSeconds: 1 }), database);
    const others = [new Client({ connectionString: url }), new Client({ connectionString: url })];
    for (const client of others) {
      await client.connect();
      await client.query('SELECT'); // has a session from now on
    }
    const running = typedIn(FIXTURE).startSequelizeCli('db:migrate', url);
    let said = '';
    running.stdout.on('data', (text) => (said += String(text)));
    const ended = once(running, 'close');
    await eventually('the run waits', () => said.includes('Waiting for a connection: query_wait_timeout. '));
    await Promise.all(others.map((client) => client.end()));
    expect(await ended).toEqual([0, null]);
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
  });

  it('a pool of one is explained', async () => {
    const database = await createDatabase();
    const url = throughPool(await startPool('session', { sessions: 1, waitSeconds: 2 }), database);
    const { code, stderr } = await type('db:migrate', url);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ERROR: query_wait_timeout\. The pool at \S+ had no session to give for that long\. A run needs two at once, [^\n]*\n$/,
    );
  });
});
