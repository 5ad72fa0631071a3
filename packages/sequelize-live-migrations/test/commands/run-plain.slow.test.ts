import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { NAME, upAndDown } from '../support/plain-project';
import { SCHEMA } from '../support/schema';
import { scriptOfFailure, partOf, scriptOf } from '../support/run-plain';

// plan --run-plain: what plain migrations send, found out by running them in a transaction that is rolled back. More of these
// are in run-plain.test.ts.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

describe('as when it is run', () => {
  it.each<[string, string, string]>([
    ['JavaScript', 'q.nonsense();', 'q.nonsense is not a function'],
    [
      'what is checked at the commit',
      "await sql('INSERT INTO toys VALUES (1, 2)');",
      'violates foreign key constraint',
    ],
    [
      'a transaction that it does not end',
      "await q.sequelize.transaction().then((transaction) => sql('SELECT 1', { transaction }));",
      'without the commit or rollback',
    ],
  ])(
    'a failure is printed, with what it has sent, and those after it are not run: %s',
    async (_, up, message) => {
      const script = await scriptOfFailure(database, up, message);
      expect(partOf(script, '3-name.js')).toContain('-- It was not run: 2-fails.js, before it, fails.\n');
    },
  );

  it('what one defers, sets or prints does not reach the next one, nor the script', async () => {
    await database.query(
      'CREATE TABLE toys (id int PRIMARY KEY, of int REFERENCES toys DEFERRABLE INITIALLY DEFERRED)',
    );
    const said = jest.spyOn(console, 'error').mockImplementation();
    const script = await scriptOf(database, {
      '1-rows.js':
        upAndDown(`await sql('INSERT INTO toys VALUES (1, 2)'); await sql('INSERT INTO toys VALUES (2, 1)');
        console.log('printed'); await sql("SELECT set_config('search_path', '', false); SET statement_timeout = 500; SET TIME ZONE 'Asia/Tokyo'");`),
      '2-alter.js': upAndDown(`await sql('ALTER TABLE toys ADD name text; SELECT pg_sleep(0.6)');
        const [[{ zone }]] = await sql("SELECT current_setting('TimeZone') AS zone"); if (/Tokyo/.test(zone)) throw new Error(zone);`),
      '3-rows.js': upAndDown(
        "await sql('INSERT INTO toys VALUES (3, 4)'); await sql('INSERT INTO toys VALUES (4, 3)');",
      ),
    });
    expect(said.mock.calls).toEqual([['printed']]);
    said.mockRestore();
    expect(script).not.toContain('fails');
    expect(script).not.toContain('not run');
  });

  it('passwords are not printed, nor thousands of rows', async () => {
    const script = await scriptOf(database, {
      [NAME]: upAndDown(`await sql("CREATE ROLE none_at_all PASSWORD 'hidden-one'").catch(() => {});
        await sql('SELECT $1::text AS token', { bind: ['hidden-two'] });
        await sql("SELECT length('" + 'x'.repeat(9000) + "')");`),
    });
    expect(script).not.toContain('hidden');
    expect(script).not.toContain('x'.repeat(2001));
    expect(script).toContain("PASSWORD '…'");
  });

  it('what is declared before it is not run with it, and it says so', async () => {
    const declared = `const { DataTypes } = require('sequelize'); const { migration } = require('sequelize-live-migrations');
      module.exports = migration(__filename, { up(schema) { schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true } }); } });`;
    const script = await scriptOf(database, {
      '1-toys.js': declared,
      '2-name.js': upAndDown("await q.addColumn(table('toys'), 'name', S.TEXT);"),
    });
    expect(script).toContain('CREATE TABLE "toys"');
    expect(partOf(script, '2-name.js')).toMatch(
      new RegExp(
        String.raw`without what is declared before it \(1-toys\.js\), and rolled back\..*It fails: relation "${SCHEMA}\.toys" does not exist`,
        's',
      ),
    );
  });
});

it('says what each would mean for a publication', async () => {
  await database.query('CREATE TABLE pets (id int PRIMARY KEY); CREATE PUBLICATION pub FOR TABLE pets');
  const script = await scriptOf(database, {
    '1-name.js': upAndDown("await q.addColumn(table('pets'), 'name', S.TEXT);"),
    '2-title.js': upAndDown("await q.renameColumn(table('pets'), 'name', 'title');"),
  });
  expect(partOf(script, '1-name.js')).toContain(
    '-- publication pub has table pets, and column name is new. On',
  );
  expect(partOf(script, '2-title.js')).toContain(
    '-- publication pub has table pets, and column name becomes title.',
  );
});
