import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import {
  byName,
  constraints,
  indexes,
  once,
  PETS,
  PETS_AND_NUMBERS,
  referring,
  WHOLE,
} from '../support/partitioned-pets';

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

it('a unique index is refused where rows are equal, and built where they are not', async () => {
  const once = {
    name: 'once.js',
    up: (schema: Schema) => schema.addIndex('pets', ['id', 'name'], { name: 'once_by_name', unique: true }),
  };
  expect(await migrations.refusal(`${PETS}; INSERT INTO pets SELECT * FROM pets`, once)).toContain(
    'rows with the same values',
  );
  await migrations.convergesThereAndBack(PETS, once);
});

it('a partition that comes meanwhile without the index is said, and the same migration does the rest', async () => {
  await migrations.reset(PETS);
  let isAdded = false;
  migrations.beforeStatement = async () => {
    if (isAdded || (await indexes(migrations)).length < 3) return;
    isAdded = true;
    await migrations.query(`CREATE TABLE pets_100 (LIKE pets); INSERT INTO pets_100 VALUES (100, 'Bo');
      ALTER TABLE pets ATTACH PARTITION pets_100 FOR VALUES FROM (100) TO (200); DROP INDEX IF EXISTS pets_100_name_idx`);
  };
  await migrations.up(byName).catch(() => undefined);
  migrations.beforeStatement = undefined;
  await migrations.up(byName);
  expect((await indexes(migrations)).filter((line) => line.includes('invalid'))).toEqual([]);
  expect(isAdded).toBe(true);
});

it('of a table that has got its name in the same migration', async () => {
  await migrations.reset(PETS);
  const renamed = {
    name: 'renamed.js',
    up: (schema: Schema) => {
      schema.renameTable('pets', 'animals');
      schema.addIndex('animals', ['name'], { name: 'by_name', where: { born: null } });
    },
  };
  await migrations.up(renamed);
  expect(await indexes(migrations)).toEqual([WHOLE[0]?.replace('pets', 'animals'), ...WHOLE.slice(1)]);
});
