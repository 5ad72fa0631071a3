import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { eventually } from '../support/eventually';
import { Planner, usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';
import {
  closeSessions,
  openSession,
  untilLocked,
  untilSomebodyWaits,
  waitingSessions,
} from '../support/session';

const planner = usePlanner();

afterEach(() => closeSessions());

const query = (sql: string) => planner.database.query(sql);

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text);
  INSERT INTO pets SELECT n, nullif(n % 2, 0)::text FROM generate_series(1, 3000) AS n`;
const TOYS = 'CREATE TABLE toys (id integer PRIMARY KEY, pet integer)';
const age = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 };
const addAge = (schema: Schema) => schema.addColumn('pets', 'age', age);
const addKey = (schema: Schema) =>
  schema.addColumn('toys', 'pet', { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } });
const nameNotNull = (schema: Schema) =>
  schema.addColumn('pets', 'name', { type: DataTypes.TEXT, allowNull: false, defaultValue: 'Rex' });

const waits = () => planner.lines.filter((line) => line.startsWith('waiting'));
const untilItWaits = () => eventually('it says that it waits', () => waits().length > 0);

/** Somebody's transaction that has read a table and goes on for a while. */
async function reader(sql = 'SELECT FROM pets') {
  const session = await openSession(planner.database, 'a report');
  await session.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; ${sql}`);
  return session;
}

describe('a lock that somebody else holds', () => {
  it('is waited for, and one line says on which table, and for which session, without the text of a query', async () => {
    await planner.reset(PETS);
    const session = await reader();
    const [{ pid } = { pid: 0 }] = (await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))
      .rows;
    const done = planner.execute(addAge);
    await untilItWaits();
    await session.query('COMMIT');
    await done;
    expect(waits()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^waiting for a lock on pets: pid ${pid}, application a report, idle in transaction for \\d+ s$`,
        ),
      ),
    ]);
    expect(await schemaOf(planner.database)).toContain('pets age integer not null default 1');
  });

  it('is not waited for without end: the step is rolled back, and the message says what to do', async () => {
    const impatient = await new Planner({ lockWaitMs: 400 }).open();
    await impatient.reset(PETS);
    const before = await schemaOf(impatient.database);
    const session = await openSession(impatient.database, 'a report');
    await session.query('BEGIN; SELECT FROM pets');
    await expect(impatient.execute(addAge)).rejects.toThrow(
      /^Could not lock pets of database \w+ within 0 s\. Blocking session on pets: pid (\d+), application a report, idle in transaction for \d+ s\. Nothing of this migration was done\. Run the same command again when that session is done, or end it with SELECT pg_terminate_backend\(\1\)\.$/,
    );
    expect(await schemaOf(impatient.database)).toEqual(before);
    await impatient.close();
  });

  it('is not asked for as long as it is held: the application never waits behind the migration', async () => {
    await planner.reset(PETS);
    const session = await reader();
    const application = await openSession(planner.database, 'the application');
    const done = planner.execute(addAge);
    await untilItWaits();
    const waiting: unknown[] = [];
    for (let n = 0; n < 60; n += 1) {
      const query = application.query('SELECT FROM pets WHERE id = 1');
      waiting.push(...(await waitingSessions(planner.database)));
      await query;
    }
    expect(waiting).toEqual([]);
    await session.query('COMMIT');
    await done;
    expect(await schemaOf(planner.database)).toContain('pets age integer not null default 1');
  });

  it('is had at once under hundreds of short transactions a second', async () => {
    await planner.reset(PETS);
    const sessions = await Promise.all(
      [1, 2, 3].map((n) => openSession(planner.database, `short ${String(n)}`)),
    );
    let isAtWork = true;
    const working = sessions.map(async (session, n) => {
      while (isAtWork) await session.query(`UPDATE pets SET name = 'Bo' WHERE id = ${String(n)}`);
    });
    await planner.execute(addAge).finally(() => (isAtWork = false));
    await Promise.all(working);
    expect(waits()).toEqual([]);
  });

  it('may be a vacuum: it is waited for while everybody writes', async () => {
    await planner.reset(PETS);
    const vacuum = await openSession(planner.database, 'a vacuum');
    await vacuum.query('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1');
    const vacuumed = vacuum.query('VACUUM (DISABLE_PAGE_SKIPPING) pets').catch(() => undefined);
    await untilLocked(planner.database, 'pets', 1);
    const done = planner.execute(addAge);
    await untilItWaits();
    const application = await openSession(planner.database);
    await application.query("SET lock_timeout = 10; UPDATE pets SET name = 'Bo' WHERE id = 1");
    const ended = await query(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'a vacuum'",
    );
    expect(ended).toHaveLength(1);
    await Promise.all([vacuumed, done]);
  });

  it('never makes the application the victim of a deadlock', async () => {
    await planner.reset(`${PETS}; ${TOYS}`);
    const application = await openSession(planner.database);
    let isFirst = true;
    const done = planner.migrate(addKey, async (sql) => {
      if (!isFirst || !sql.includes('SHARE UPDATE EXCLUSIVE')) return;
      isFirst = false;
      await application.query('BEGIN; INSERT INTO toys VALUES (1, 1)'); // before pets is locked, and toys waited for
    });
    await eventually('the application has begun', () => !isFirst);
    await application.query("UPDATE pets SET name = 'Bo' WHERE id = 1"); // waits for pets
    await application.query('COMMIT');
    await done;
    expect(await schemaOf(planner.database)).toContain(
      'toys toys_pet_fkey FOREIGN KEY (pet) REFERENCES pets(id)',
    );
  });

  it('may be on a row that is to be filled: the batch gives way, and goes on afterwards', async () => {
    await planner.reset(PETS);
    const session = await openSession(planner.database, 'a report');
    let isFirst = true;
    const done = planner.migrate(nameNotNull, async (sql) => {
      if (!isFirst || !sql.startsWith('WITH "rows of the batch"')) return;
      isFirst = false;
      await session.query('BEGIN; SELECT FROM pets WHERE id = 2 FOR UPDATE');
    });
    await untilSomebodyWaits(planner.database);
    await session.query("UPDATE pets SET name = 'Ann' WHERE id = 2; COMMIT");
    await done;
    expect(await query("SELECT count(*)::int FROM pets WHERE name = 'Rex'")).toEqual([{ count: 1499 }]);
    expect(planner.progress.at(-1)).toEqual({ what: 'fill the nulls of pets.name', done: 0 });
  });

  it('may be in the way of the first look, too', async () => {
    await planner.reset(PETS);
    const session = await openSession(planner.database, 'an upgrade');
    await session.query('BEGIN; LOCK TABLE pets');
    const done = planner.execute(addAge);
    await untilItWaits();
    await session.query('COMMIT');
    await done;
    expect(waits()).toEqual([expect.stringContaining('waiting for a lock on pets: pid')]);
  });
});

it('all locks of a transaction are asked for in one statement, after the weak ones, and with all that needs them', async () => {
  await planner.reset(`${PETS}; ${TOYS}`);
  const sent: string[] = [];
  await planner.migrate(addKey, (sql) => Promise.resolve(void sent.push(sql)));
  // One message from the lock to the commit: a client that stops in between, or a slow network, holds no lock.
  const [message = ''] = sent.filter((sql) => sql.includes('SHARE ROW EXCLUSIVE'));
  expect(message.split(';\n').at(-1)).toBe('COMMIT');
  expect(sent.flatMap((sql) => sql.split(';\n')).filter((sql) => sql.startsWith('LOCK'))).toEqual([
    `LOCK TABLE "${SCHEMA}"."pets", "${SCHEMA}"."toys" IN SHARE UPDATE EXCLUSIVE MODE`,
    `LOCK TABLE "${SCHEMA}"."pets", "${SCHEMA}"."toys" IN SHARE ROW EXCLUSIVE MODE`,
    `LOCK TABLE "${SCHEMA}"."toys" IN SHARE UPDATE EXCLUSIVE MODE`, // to validate
  ]);
});

it('no wait for a lock is as long as deadlock_timeout, and no statement under locks longer than the limit', async () => {
  await planner.reset(PETS);
  await query('CREATE TABLE seen (name text, setting int)');
  await query(`CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO seen SELECT name, setting::int FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout'); END $$;
    CREATE EVENT TRIGGER see ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION see()`);
  await query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 20', current_database()); END $$`,
  );
  const fresh = planner.another();
  await fresh.execute(addAge);
  await fresh.close();
  await query(
    `DROP EVENT TRIGGER see; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET deadlock_timeout', current_database()); END $$`,
  );
  expect(await query('SELECT DISTINCT * FROM seen ORDER BY name')).toEqual([
    { name: 'lock_timeout', setting: 16 },
    { name: 'statement_timeout', setting: 300 },
  ]);
});
