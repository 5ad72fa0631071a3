import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// What migration:generate writes where a model's foreign key acts otherwise than one that no migration declares.

const migrations = useMigrations();

const TABLES = `CREATE TABLE owners (id integer PRIMARY KEY);
  CREATE TABLE pets (id integer PRIMARY KEY,
    owner integer CONSTRAINT owned REFERENCES owners ON DELETE SET NULL)`;
const ROWS = 'INSERT INTO owners VALUES (1); INSERT INTO pets VALUES (1, 1), (2, NULL)';

const KEY = {
  type: 'foreign key',
  name: 'owned',
  fields: ['owner'],
  references: { table: 'owners', field: 'id' },
} as const;

const one = {
  name: 'one.js',
  up: (schema: Schema) => {
    schema.removeConstraint('pets', { ...KEY, onDelete: 'SET NULL' });
    schema.addConstraint('pets', { ...KEY, onDelete: 'CASCADE' });
  },
};

const keys = async () => (await migrations.schema()).filter((line) => line.includes('FOREIGN KEY'));

it.each([
  ['without rows', TABLES],
  ['with rows', `${TABLES}; ${ROWS}`],
])(
  'a key takes the place of another one in one transaction, and an undo restores that: %s',
  async (_, sql) => {
    await migrations.reset(sql);
    const before = await keys();
    for (const direction of ['up', 'down'] as const) {
      const steps = await migrations.steps(one, direction);
      expect(steps.slice(0, 2)).toEqual([
        expect.objectContaining({ purpose: 'drop foreign key owned' }),
        expect.objectContaining({ purpose: 'add foreign key owned' }),
      ]);
      // So no moment is without a key: what scans the table for it comes after that transaction.
      expect(steps.slice(0, 2).map(({ transaction }) => transaction)).toEqual([undefined, undefined]);
      await migrations[direction](one);
      expect(await keys()).not.toEqual(direction === 'up' ? before : []);
    }
    expect(await keys()).toEqual(before);
  },
);

it('where the other one is there already, nothing is lost, and it is there afterwards', async () => {
  const there = TABLES.replace('SET NULL', 'CASCADE');
  await migrations.reset(`${there}; ${ROWS}`);
  const before = await keys();
  await migrations.up(one);
  expect(await keys()).toEqual(before);
});
