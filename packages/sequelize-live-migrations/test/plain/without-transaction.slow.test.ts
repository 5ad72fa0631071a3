import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateDown, migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';
import { closeSessions, whileRead } from '../support/session';

// What cannot be in a transaction runs without one, each statement guarded by itself. More of these are in
// without-transaction.test.ts.

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.query('CREATE TABLE pets (id int PRIMARY KEY, name text); INSERT INTO pets VALUES (1)');
});

const runs = (up: string, down?: string) =>
  migrateUp(plainProject({ [NAME]: upAndDown(up, down) }), database);

it.each<[string, string, string]>([
  ['VACUUM', "await sql('VACUUM pets');", 'VACUUM cannot be'],
  [
    'a value of an enum that is used at once',
    "await sql(\"CREATE TYPE kind AS ENUM ('cat')\"); await sql('CREATE TABLE toys (kind kind)'); await q.sequelize.transaction((transaction) => sql('SELECT', { transaction })); await sql(\"ALTER TYPE kind ADD VALUE 'dog'\"); await sql(\"INSERT INTO toys VALUES ('dog')\");",
    '',
  ],
  [
    'a procedure that commits',
    "await sql('CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$'); await sql('CALL p()');",
    'invalid transaction termination',
  ],
  [
    'two transactions at once',
    "const [one, two] = [await q.sequelize.transaction(), await q.sequelize.transaction()]; await sql('INSERT INTO pets VALUES (2)', { transaction: one }); await sql('INSERT INTO pets VALUES (3)', { transaction: two }); await one.rollback(); await two.commit();",
    'two transactions of its own are open at once',
  ],
  [
    'a level of isolation',
    "await sql('SELECT 1'); await q.sequelize.transaction({ isolationLevel: 'SERIALIZABLE' }, (transaction) => sql('INSERT INTO pets VALUES (2)', { transaction }));",
    'SET TRANSACTION ISOLATION LEVEL must be called before any query',
  ],
  [
    'what others send while a transaction is rolled back',
    "await q.sequelize.transaction(async () => { await sql('INSERT INTO pets VALUES (2)'); throw new Error('back'); }).catch(() => {});",
    'it rolls a transaction back, and sends other statements meanwhile',
  ],
])('%s', async (_, up, reason) => {
  const said = await runs(up);
  expect(said).toContain(
    reason && `runs without a transaction of its own, as with stock sequelize-cli: ${reason}`,
  );
  expect(await recordsOf(database)).toEqual([NAME]);
});

it.each([
  [
    'one in a transaction of its own',
    "await q.sequelize.transaction((transaction) => sql('ALTER TABLE pets ADD COLUMN age int', { transaction }));",
  ],
  ['one in a script', "await sql('BEGIN; ALTER TABLE pets ADD COLUMN age int; COMMIT');"],
])('each statement waits for its lock in short attempts: %s', async (_, up) => {
  const text = `${upAndDown(up)} module.exports.transaction = false;`;
  await whileRead(database, 'pets', () => migrateUp(plainProject({ [NAME]: text }), database));
  expect(await schemaOf(database)).toContain('pets age integer');
});

describe('what a run that was cut short has done is not done again', () => {
  const up =
    "await q.addIndex('pets', ['name'], { concurrently: true }); await sql('INSERT INTO pets VALUES (2)');";

  it('an index that is not valid is built', async () => {
    await database.query(
      "CREATE INDEX pets_name ON pets (name); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_name'::regclass",
    );
    await runs(up);
    const [row] = await database.query(
      "SELECT indisvalid FROM pg_index WHERE indexrelid = 'pets_name'::regclass",
    );
    expect(row).toEqual({ indisvalid: true });
  });

  it('another index of the name is an error', async () => {
    await database.query('CREATE INDEX pets_name ON pets (name DESC)');
    await expect(runs(up)).rejects.toThrow('relation "pets_name" already exists');
  });

  it('an index that is gone, and a value that is there', async () => {
    await database.query("CREATE TYPE kind AS ENUM ('cat', 'dog')");
    const root = plainProject({
      [NAME]: upAndDown(
        "await sql('VACUUM pets'); await sql(\"ALTER TYPE kind ADD VALUE 'dog'\");",
        "await sql('DROP INDEX CONCURRENTLY pets_name');",
      ),
    });
    expect(await migrateUp(root, database)).toContain("kind has the value 'dog' already");
    expect(await migrateDown(root, database)).toContain('index pets_name does not exist any more');
    expect(await recordsOf(database)).toEqual([]);
  });
});
