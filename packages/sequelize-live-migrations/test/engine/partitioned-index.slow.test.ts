import { useMigrations } from '../support/migrations';
import { byName, constraints, indexes, once, PETS_AND_NUMBERS, referring } from '../support/partitioned-pets';

// PostgreSQL builds no index of a partitioned table concurrently, nor one for a constraint: it is declared on the table alone,
// built on each partition, and attached. Likewise a foreign key before version 18.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

it.each([
  ['an index', byName],
  ['a unique constraint', once],
  ['a foreign key', referring],
])('%s: cut short after any message, the same migration does the rest', async (_, one) => {
  await migrations.reset(PETS_AND_NUMBERS);
  await migrations.up(one);
  const made = [await indexes(migrations), await constraints(migrations)];
  const messages = migrations.sent.length;
  expect(messages).toBeGreaterThan(10);
  for (let n = 5; n < messages; n += 5) {
    await migrations.reset(PETS_AND_NUMBERS);
    let left = n;
    migrations.beforeStatement = () => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('It was cut short.')) : Promise.resolve();
    };
    await migrations.up(one).catch(() => undefined);
    migrations.beforeStatement = undefined;
    await migrations.up(one);
    expect([await indexes(migrations), await constraints(migrations)]).toEqual(made);
    expect(await migrations.purposes(one)).toEqual([]);
  }
});
