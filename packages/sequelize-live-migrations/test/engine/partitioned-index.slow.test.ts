import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// PostgreSQL builds no index of a partitioned table concurrently: it is declared on the table alone, built on each partition,
// and attached.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

/** Two partitions, of which one is partitioned itself, with rows in each. */
const PETS = `CREATE TABLE pets (id integer, name text, born date) PARTITION BY RANGE (id);
  CREATE TABLE pets_old PARTITION OF pets FOR VALUES FROM (0) TO (10);
  CREATE TABLE pets_new PARTITION OF pets FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (id);
  CREATE TABLE pets_new_1 PARTITION OF pets_new FOR VALUES FROM (10) TO (50);
  CREATE TABLE pets_new_2 PARTITION OF pets_new FOR VALUES FROM (50) TO (100);
  INSERT INTO pets SELECT n, 'Rex ' || n FROM generate_series(0, 99) AS n`;

const byName = {
  name: 'by-name.js',
  up: (schema: Schema) => {
    schema.addIndex('pets', ['name'], { name: 'by_name', where: { born: null } });
  },
};

/** The indexes of that name and of its partitions, with what each is attached to, and whether it is valid. */
async function indexes(): Promise<string[]> {
  const rows =
    await migrations.query(`SELECT concat_ws(' ', i.indexrelid::regclass, 'on', i.indrelid::regclass,
      (SELECT 'in ' || inhparent::regclass FROM pg_inherits WHERE inhrelid = i.indexrelid),
      CASE WHEN NOT indisvalid THEN 'invalid' END) AS line
    FROM pg_index i WHERE i.indexrelid::regclass::text LIKE '%by_name%' ORDER BY 1`);
  return rows.map(({ line }) => String(line));
}

const WHOLE = [
  'by_name on pets',
  'pets_new_1_by_name on pets_new_1 in pets_new_by_name',
  'pets_new_2_by_name on pets_new_2 in pets_new_by_name',
  'pets_new_by_name on pets_new in by_name',
  'pets_old_by_name on pets_old in by_name',
];

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
    expect(await indexes()).toEqual(WHOLE);
    expect(await migrations.purposes(byName)).toEqual([]);
  }
});
