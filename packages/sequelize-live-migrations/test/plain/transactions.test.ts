import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { idsAfter } from '../support/transactions';

// The transactions of a plain migration itself, and those in them.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.query('CREATE TABLE pets (id integer PRIMARY KEY)');
});

describe.each([
  ['in one transaction', 'true'],
  ['without one', 'false'],
])('%s, what is rolled back is', (_, transaction) => {
  it.each<[string, string, number[]]>([
    [
      'the outer one, after the inner one has ended',
      `await caught(nested(null, async (t) => { await add(1, t); await nested(t, (u) => add(2, u)); back(); })); await add(3);`,
      [3],
    ],
    [
      'the middle one of three, after the innermost was',
      `await nested(null, async (t) => { await add(1, t);
      await caught(nested(t, async (u) => { await add(2, u);
        await caught(nested(u, async (v) => { await add(3, v); back(); })); await add(4, u); back(); }));
      await add(5, t); });`,
      [1, 5],
    ],
  ])('%s', async (__, up, ids) => {
    expect(await idsAfter(database, up, transaction)).toEqual(ids);
  });
});

it('constraints that are deferred are checked at each commit, and are deferred again after it', async () => {
  const references = 'REFERENCES pets DEFERRABLE INITIALLY DEFERRED';
  await database.query(`ALTER TABLE pets ADD of integer ${references}`);
  const pair = (one: number, other: number) =>
    `await q.sequelize.transaction(async (transaction) => {
      await sql('INSERT INTO pets VALUES (${String(one)}, ${String(other)})', { transaction });
      await sql('INSERT INTO pets VALUES (${String(other)}, ${String(one)})', { transaction }); });`;
  const single =
    "await q.sequelize.transaction((transaction) => sql('INSERT INTO pets VALUES (9, 8)', { transaction }))";
  expect(
    await idsAfter(
      database,
      `${pair(1, 2)} ${single}.catch(() => {}); ${pair(3, 4)}
      await sql('CREATE TABLE toys (id integer PRIMARY KEY, of integer REFERENCES toys DEFERRABLE INITIALLY DEFERRED)');
      await q.sequelize.transaction(async (transaction) => {
        await sql('INSERT INTO toys VALUES (1, 2)', { transaction }); await sql('INSERT INTO toys VALUES (2, 1)', { transaction }); });`,
    ),
  ).toEqual([1, 2, 3, 4]);
});
