import { DataTypes } from 'sequelize';
import { migrationsOf } from '../support/chains';
import { type TestMigration, useMigrations } from '../support/migrations';

// The enum type of a column that is kept aside stays, under its name.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
const other = { type: DataTypes.ENUM('big', 'small'), allowNull: false, defaultValue: 'big' };

const BASE = 'CREATE TABLE pets (id integer PRIMARY KEY); INSERT INTO pets VALUES (1), (2)';

async function run(all: readonly TestMigration[]): Promise<void> {
  for (const [n, one] of all.entries()) await migrations.upAfter(all.slice(0, n), one);
}

it.each<[string, TestMigration['up'], TestMigration['up'], TestMigration['up'], RegExp]>([
  [
    'a column',
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.removeColumn('pets', 'kind', kind),
    (schema) => schema.addColumn('pets', 'kind', other),
    /enum type enum_pets_kind: expected big, small, found cat, dog, the labels of pets\.undone_kind, which is kept aside: npx sequelize-live-migrations purge deletes it for good, or the new column needs another name\n/,
  ],
  [
    'a column with an array',
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('cat')) }),
    (schema) => schema.removeColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('cat')) }),
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('dog')) }),
    /enum type enum_pets_kind: expected dog, found cat, the labels of pets\.undone_kind, which is kept aside/,
  ],
  [
    'a table',
    (schema) => schema.createTable('toys', { id, kind }),
    (schema) => schema.dropTable('toys', { id, kind }),
    (schema) => schema.createTable('toys', { id, kind: other }),
    /enum type enum_toys_kind: expected big, small, found cat, dog, the labels of undone_toys\.kind, which is kept aside/,
  ],
])(
  '%s of its name with other labels is refused, with what deletes it',
  async (_, add, remove, again, message) => {
    await migrations.reset(BASE);
    const [first, second, third] = migrationsOf([add, remove, again]);
    if (!first || !second || !third) throw new Error('There are three migrations.');
    await run([first, second]);
    const before = await migrations.schema();
    await expect(migrations.upAfter([first, second], third)).rejects.toThrow(message);
    expect(await migrations.schema()).toEqual(before);
  },
);

it('is found by the column that is restored, while another one has the name that it would have', async () => {
  await migrations.reset(BASE);
  const chain = migrationsOf([
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.renameColumn('pets', 'kind', 'size'),
    (schema) => schema.removeColumn('pets', 'size', kind),
    (schema) => schema.addColumn('pets', 'size', other),
  ]);
  const [add, rename, remove, again] = chain;
  if (!add || !rename || !remove || !again) throw new Error('There are four migrations.');
  await run([add, rename]);
  await migrations.query("UPDATE pets SET size = 'dog' WHERE id = 1");
  await migrations.upAfter([add, rename], remove);
  await migrations.upAfter([add, rename, remove], again);
  await migrations.query("UPDATE pets SET size = 'small' WHERE id = 2");
  await migrations.downAfter([add, rename, remove], again);
  await migrations.downAfter([add, rename], remove);
  expect(await migrations.query('SELECT size FROM pets ORDER BY id')).toEqual([
    { size: 'dog' },
    { size: 'cat' },
  ]);
  await migrations.upAfter([add, rename], remove);
  await migrations.upAfter([add, rename, remove], again);
  expect(await migrations.query('SELECT size FROM pets ORDER BY id')).toEqual([
    { size: 'big' },
    { size: 'small' },
  ]);
});
