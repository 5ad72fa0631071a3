import type { Client } from 'pg';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { useOwnEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { removeCopies } from '../support/fixture-project';
import { migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';
import { closeSessions, openSession, untilAttemptFails } from '../support/session';

// A plain migration waits for locks in short attempts, and lets nobody wait for it for long.

useOwnEnvironment();
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

it('is tried again as a whole when a lock is not had in time, with nothing done in between', async () => {
  await holder.query('BEGIN; SELECT FROM pets');
  const running = runs(`await q.createTable('toys', { id: S.INTEGER }); ${COLUMN}`);
  await untilAttemptFails(database);
  await holder.query('COMMIT');
  expect(await running).toContain('waiting for a lock on');
  expect(await schemaOf(database)).toEqual(expect.arrayContaining(['pets age integer', 'toys id integer']));
  expect(await recordsOf(database)).toEqual([NAME]);
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

it('is ended when it waits for itself, and says so', async () => {
  process.env['PLAIN_TEST_URL'] = database.url;
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
