import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';

// The transactions of a plain migration itself, and those in them.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.query('CREATE TABLE pets (id integer PRIMARY KEY)');
});

/** Runs a migration, in which `add` inserts a row and `nested` is a transaction in a transaction. */
async function idsAfter(up: string, transaction = 'true'): Promise<unknown[]> {
  const text = upAndDown(`
    const add = (id, transaction) => sql('INSERT INTO pets VALUES (' + id + ')', { transaction });
    const nested = (transaction, work) => q.sequelize.transaction({ transaction }, work);
    const back = () => { throw new Error('back'); };
    const caught = (promise) => promise.catch(({ message }) => { if (message !== 'back') throw new Error(message); });
    ${up}`);
  await migrateUp(
    plainProject({ [NAME]: `${text}\nmodule.exports.transaction = ${transaction};` }),
    database,
  );
  const rows = await database.query('SELECT id FROM pets ORDER BY id');
  return rows.map(({ id }) => id);
}

const CASES: readonly [string, string, number[]][] = [
  [
    'the inner one',
    `await nested(null, async (t) => { await add(1, t); await caught(nested(t, async (u) => { await add(2, u); back(); })); await add(3, t); });`,
    [1, 3],
  ],
  [
    'the outer one, after the inner one has ended',
    `await caught(nested(null, async (t) => { await add(1, t); await nested(t, (u) => add(2, u)); back(); })); await add(3);`,
    [3],
  ],
  [
    'one of two, each after the other',
    `await nested(null, async (t) => {
      await nested(t, (u) => add(1, u)); await caught(nested(t, async (u) => { await add(2, u); back(); }));
      await nested(t, (u) => add(3, u)); });`,
    [1, 3],
  ],
  [
    'the middle one of three, after the innermost has ended',
    `await nested(null, async (t) => { await add(1, t);
      await caught(nested(t, async (u) => { await add(2, u); await nested(u, (v) => add(3, v)); await add(4, u); back(); }));
      await add(5, t); });`,
    [1, 5],
  ],
  [
    'the middle one of three, after the innermost was',
    `await nested(null, async (t) => { await add(1, t);
      await caught(nested(t, async (u) => { await add(2, u);
        await caught(nested(u, async (v) => { await add(3, v); back(); })); await add(4, u); back(); }));
      await add(5, t); });`,
    [1, 5],
  ],
  [
    'one in the middle, by hand, after two have ended in it',
    `const t = await q.sequelize.transaction(); await add(1, t);
      const u = await q.sequelize.transaction({ transaction: t }); await add(2, u);
      const v = await q.sequelize.transaction({ transaction: u }); await add(3, v); await v.commit();
      const w = await q.sequelize.transaction({ transaction: u }); await add(4, w); await w.rollback();
      await u.rollback(); await add(5, t); await t.commit();`,
    [1, 5],
  ],
  [
    'one in which a statement has failed that is caught',
    `await nested(null, async (t) => { await add(1, t);
      await nested(t, async (u) => { await add(2, u); await nested(u, (v) => add(1, v)).catch(() => {}); await add(3, u); }); });`,
    [1, 2, 3],
  ],
];

describe.each([
  ['in one transaction', 'true'],
  ['without one', 'false'],
])('%s, what is rolled back is', (_, transaction) => {
  it.each(CASES)('%s', async (__, up, ids) => {
    expect(await idsAfter(up, transaction)).toEqual(ids);
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
    await idsAfter(`${pair(1, 2)} ${single}.catch(() => {}); ${pair(3, 4)}
      await sql('CREATE TABLE toys (id integer PRIMARY KEY, of integer REFERENCES toys DEFERRABLE INITIALLY DEFERRED)');
      await q.sequelize.transaction(async (transaction) => {
        await sql('INSERT INTO toys VALUES (1, 2)', { transaction }); await sql('INSERT INTO toys VALUES (2, 1)', { transaction }); });`),
  ).toEqual([1, 2, 3, 4]);
});
