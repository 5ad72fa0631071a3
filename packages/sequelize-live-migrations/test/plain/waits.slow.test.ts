import type { Client } from 'pg';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { useOwnEnvironment } from '../support/environment';
import { removeCopies } from '../support/fixture-project';
import { migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { schemaOf } from '../support/schema';
import { closeSessions, openSession, untilAttemptFails } from '../support/session';

// A plain migration waits for locks in short attempts, and lets nobody wait for it for long. More of these are in
// waits.test.ts.

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
  process.env['MIGRATION_LOCK_WAIT'] = '1';
  await holder.query('BEGIN; SELECT FROM pets');
  await expect(runs(`await q.createTable('toys', { id: S.INTEGER }); ${COLUMN}`)).rejects.toThrow(
    /Could not lock pets of database \S+ within 1 s\. Blocking session on pets: pid \d+, application the application/,
  );
  expect((await schemaOf(database)).filter((line) => line.startsWith('toys'))).toEqual([]);
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
