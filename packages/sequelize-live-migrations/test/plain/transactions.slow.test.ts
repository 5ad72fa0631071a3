import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { idsAfter } from '../support/transactions';

// The transactions of a plain migration itself, and those in them. More of these are in transactions.test.ts.

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
      'the inner one',
      `await nested(null, async (t) => { await add(1, t); await caught(nested(t, async (u) => { await add(2, u); back(); })); await add(3, t); });`,
      [1, 3],
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
  ])('%s', async (__, up, ids) => {
    expect(await idsAfter(database, up, transaction)).toEqual(ids);
  });
});
