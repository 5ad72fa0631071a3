import { useMigrations } from '../support/migrations';
import { byName, constraints, indexes, once, PETS, WHOLE } from '../support/partitioned-pets';

// PostgreSQL builds no index of a partitioned table concurrently, nor one for a constraint: it is declared on the table alone, built on each partition,
// and attached.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

it.each([
  ['an index', byName],
  ['a unique constraint', once],
])('%s: cut short after any message, the same migration does the rest', async (_, one) => {
  await migrations.reset(PETS);
  await migrations.up(one);
  const made = await constraints(migrations);
  const messages = migrations.sent.length;
  expect(messages).toBeGreaterThan(20);
  for (let n = 5; n < messages; n += 5) {
    await migrations.reset(PETS);
    let left = n;
    migrations.beforeStatement = () => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('It was cut short.')) : Promise.resolve();
    };
    await migrations.up(one).catch(() => undefined);
    migrations.beforeStatement = undefined;
    await migrations.up(one);
    expect([await indexes(migrations), await constraints(migrations)]).toEqual([WHOLE, made]);
    expect(await migrations.purposes(one)).toEqual([]);
  }
});
