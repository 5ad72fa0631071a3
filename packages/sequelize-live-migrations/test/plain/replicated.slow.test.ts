import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateDown, migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';

// What a plain migration changes of a table that is replicated. More of this is in one-transaction.test.ts.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

const runs = (up: string, down?: string) =>
  migrateUp(plainProject({ [NAME]: upAndDown(up, down) }), database);

describe('what is replicated by its names is said when it has been changed', () => {
  const PETS = 'CREATE TABLE pets (id int PRIMARY KEY, name text); CREATE TABLE toys (id int PRIMARY KEY)';
  const RENAME =
    "await q.renameColumn(table('pets'), 'name', 'title'); await sql('ALTER TABLE toys ADD n int');";

  it.each([
    ['in a transaction', RENAME],
    ['without one', `${RENAME} await sql('VACUUM pets');`],
  ])('on a publisher, %s', async (_, up) => {
    await database.query(`${PETS}; CREATE PUBLICATION pub FOR TABLE pets`);
    const lines = await runs(
      `${up} await sql('SET search_path = pg_catalog');`,
      'await sql("DROP TABLE pets");',
    );
    expect(lines.match(/publication pub .*/g)).toEqual([
      expect.stringMatching(/has table pets, and column name becomes title\. Publisher first, which is here/),
    ]);
    expect(
      await migrateDown(
        plainProject({ [NAME]: upAndDown('', "await q.dropTable(table('pets'));") }),
        database,
      ),
    ).toMatch(/publication pub has table pets, and table pets is dropped\. Publisher first/);
  });

  it('on a subscriber', async () => {
    await database.query(`${PETS}; SET client_min_messages = error;
      CREATE SUBSCRIPTION sub CONNECTION 'dbname=none' PUBLICATION pub WITH (connect = false, slot_name = NONE);
      INSERT INTO pg_subscription_rel SELECT oid, 'pets'::regclass, 'r' FROM pg_subscription WHERE subname = 'sub'`);
    try {
      expect(await runs(RENAME)).toMatch(
        /subscription sub writes to table pets, and column name becomes title\. Publisher first: this is for/,
      );
    } finally {
      await database.query('DROP SUBSCRIPTION sub');
    }
  });

  it('and nothing of what has failed, or of what is not replicated', async () => {
    await database.query(`${PETS}; CREATE PUBLICATION pub FOR TABLE pets`);
    await expect(runs(`${RENAME} await sql('nonsense');`)).rejects.toThrow(
      /^(?!.*publication).*syntax error/s,
    );
    expect(await runs("await sql('ALTER TABLE toys ADD n int');")).not.toContain('publication');
  });
});
