import { useMigrations } from '../support/migrations';
import { byName, indexes, PETS, WHOLE } from '../support/partitioned-pets';

// PostgreSQL builds no index of a partitioned table concurrently: it is declared on the table alone, built on each partition,
// and attached.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

it('cut short after any message, the same migration does the rest', async () => {
  await migrations.reset(PETS);
  await migrations.up(byName);
  const messages = migrations.sent.length;
  expect(messages).toBeGreaterThan(20);
  for (let n = 5; n < messages; n += 5) {
    await migrations.reset(PETS);
    let left = n;
    migrations.beforeStatement = () => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('It was cut short.')) : Promise.resolve();
    };
    await migrations.up(byName).catch(() => undefined);
    migrations.beforeStatement = undefined;
    await migrations.up(byName);
    expect(await indexes(migrations)).toEqual(WHOLE);
    expect(await migrations.purposes(byName)).toEqual([]);
  }
});
