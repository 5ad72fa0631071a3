import type { Client } from 'pg';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { removeCopies } from '../support/fixture-project';
import { migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';
import { closeSessions, openSession, untilAttemptFails } from '../support/session';

// A plain migration waits for locks in short attempts, and lets nobody wait for it for long.

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;
let holder: Client;

beforeEach(async () => {
  database = await createDatabase();
  await database.query('CREATE TABLE pets (id int PRIMARY KEY, name text); INSERT INTO pets VALUES (1)');
  holder = await openSession(database, 'the application');
});

const runs = (up: string) => migrateUp(plainProject({ [NAME]: upAndDown(up) }), database);
const COLUMN = "await q.addColumn(table('pets'), 'age', S.INTEGER);";

/** Sets limits for the migrations of this process. */
function limit(limits: Readonly<Record<string, string>>): void {
  Object.assign(process.env, limits);
  for (const name of Object.keys(limits)) set.push(name);
}
const set: string[] = [];
afterEach(() => {
  for (const name of set.splice(0)) Reflect.deleteProperty(process.env, name);
});

it('is tried again as a whole when a lock is not had in time, with nothing done in between', async () => {
  await holder.query('BEGIN; SELECT FROM pets');
  const running = runs(`await q.createTable('toys', { id: S.INTEGER }); ${COLUMN}`);
  await untilAttemptFails(database);
  await holder.query('COMMIT');
  expect(await running).toContain('waiting for a lock on');
  expect(await schemaOf(database)).toEqual(expect.arrayContaining(['pets age integer', 'toys id integer']));
  expect(await recordsOf(database)).toEqual([NAME]);
});

it('also where the author swallows the error, and where it is thrown by a transaction of the author’s', async () => {
  await holder.query('BEGIN; SELECT FROM pets');
  const running = runs(`
    await sql('ALTER TABLE pets ADD COLUMN age int').catch(() => {});
    await q.sequelize.transaction((transaction) => sql('ALTER TABLE pets ADD COLUMN size int', { transaction }));`);
  await untilAttemptFails(database);
  await holder.query('COMMIT');
  await running;
  expect(await schemaOf(database)).toEqual(expect.arrayContaining(['pets age integer', 'pets size integer']));
});

it('gives up at the limit, names the blocking session, and has done nothing', async () => {
  limit({ MIGRATION_LOCK_WAIT: '1' });
  await holder.query('BEGIN; SELECT FROM pets');
  await expect(runs(`await q.createTable('toys', { id: S.INTEGER }); ${COLUMN}`)).rejects.toThrow(
    /Could not lock pets of database \S+ within 1 s\. Blocking session on pets: pid \d+, application the application/,
  );
  expect((await schemaOf(database)).filter((line) => line.startsWith('toys'))).toEqual([]);
});

it('is ended when another session has waited for it for longer than the limit, with what to declare instead', async () => {
  const running = runs(`${COLUMN} await sql('SELECT pg_sleep(30)');`);
  running.catch(() => undefined); // it may fail before it is waited for
  await eventually('the migration locks pets', async () => {
    const locked =
      "SELECT FROM pg_locks WHERE relation = 'pets'::regclass AND mode = 'AccessExclusiveLock' AND granted";
    return (await database.query(locked)).length > 0;
  });
  expect((await holder.query('SELECT id FROM pets')).rowCount).toBe(1);
  await expect(running).rejects.toThrow(
    /Another session has waited for pets for \d+ ms \(pid \d+, application the application, [\s\S]*schema\.addColumn\('pets', 'age', \{ … \}\);[\s\S]*Nothing of/,
  );
  expect((await schemaOf(database)).filter((line) => line.includes('age'))).toEqual([]);
});

it('may hold a lock for as long as nobody waits for it', async () => {
  await runs(`${COLUMN} await sql('SELECT pg_sleep(0.6)');`);
  expect(await schemaOf(database)).toContain('pets age integer');
});

it('ends as it should when nothing but a watched session is open', async () => {
  const said = await runs(
    "await new Promise((resolve) => setTimeout(resolve, 120)); await q.addColumn(table('pets'), 'age', S.INTEGER);",
  );
  expect(said).toBe('');
  expect(await schemaOf(database)).toContain('pets age integer');
});

it('is ended when it waits for itself, and says so', async () => {
  limit({ PLAIN_TEST_URL: database.url });
  const pg = JSON.stringify(require.resolve('pg'));
  const running = runs(`${COLUMN}
    const client = new (require(${pg}).Client)({ connectionString: process.env.PLAIN_TEST_URL });
    await client.connect();
    try { await client.query('SELECT * FROM pets'); } finally { await client.end(); }`);
  await expect(running).rejects.toThrow(
    /The migration waits for itself: a connection of its own \(pid .* on pets .*module\.exports\.transaction = false/,
  );
  expect((await schemaOf(database)).filter((line) => line.includes('age'))).toEqual([]);
});

it('a statement of an attempt that is over is refused, and not sent into the next one', async () => {
  await holder.query('BEGIN; SELECT FROM pets');
  const running = runs(
    `setTimeout(() => sql('INSERT INTO pets VALUES (7)').catch(() => {}), 150); ${COLUMN}`,
  );
  await untilAttemptFails(database);
  await holder.query('COMMIT');
  await running;
  expect((await database.query('SELECT FROM pets WHERE id = 7')).length).toBeLessThanOrEqual(1);
});
