import { DataTypes } from 'sequelize';
import { BASE, type Chain, migrationsOf } from '../support/chains';
import { runUndoneAndRunAgain } from '../support/labelled-again';
import { type TestMigration, useMigrations } from '../support/migrations';

// The enum type of a column that is kept aside keeps its name, until another column is to have one of that name.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
const other = { type: DataTypes.ENUM('big', 'small'), allowNull: false, defaultValue: 'big' };

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY); INSERT INTO pets VALUES (1), (2)';

async function run(all: readonly TestMigration[]): Promise<void> {
  for (const [n, one] of all.entries()) await migrations.upAfter(all.slice(0, n), one);
}

describe.each<[string, string]>([
  ['with rows', BASE],
  ['without rows', `${BASE}; DELETE FROM pets`],
])('is made again with other labels, undone and done again exactly, %s:', (_, base) => {
  it.each<Chain>([
    [
      'a column',
      (schema) => schema.addColumn('pets', 'kind', kind),
      (schema) => schema.removeColumn('pets', 'kind', kind),
      (schema) => schema.addColumn('pets', 'kind', other),
    ],
    [
      'a table',
      (schema) => schema.createTable('toys', { id, kind }),
      (schema) => schema.dropTable('toys', { id, kind }),
      (schema) => schema.createTable('toys', { id, kind: other }),
    ],
  ])('%s', async (...[, ...declared]) => {
    const { forwards, backwards, again } = await runUndoneAndRunAgain(migrations, base, declared);
    expect(backwards).toEqual(forwards.slice(0, -1).toReversed());
    expect(again).toEqual(forwards.at(-1));
  });
});

it('is planned together with the migrations before it', async () => {
  await migrations.reset(BASE);
  const chain = migrationsOf([
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.removeColumn('pets', 'kind', kind),
    (schema) => schema.addColumn('pets', 'kind', other),
  ]);
  expect(await migrations.purposes(...chain)).toEqual([
    'create type enum_pets_kind',
    'add column pets.kind',
    'keep column pets.kind aside as undone_kind',
    'rename enum type enum_pets_kind, of pets.undone_kind, which is kept aside, to undone_enum_pets_kind',
    'create type enum_pets_kind',
    'add column pets.kind',
  ]);
});

it('is found by the column that is restored, while another one has the name that it would have', async () => {
  await migrations.reset(PETS);
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

it.each<[string, string, string, RegExp]>([
  [
    'another table has a column of it',
    'pets',
    'CREATE TABLE others (kind enum_pets_kind)',
    /enum type enum_pets_kind: expected big, small, found cat, dog, the labels of pets\.undone_kind, which is kept aside: npx sequelize-live-migrations purge deletes it for good, or the new column needs another name\n/,
  ],
  [
    'its name is too long for another one',
    'p'.repeat(50),
    '',
    /enum type enum_p{50}_kind: expected big, small, found cat, dog, the labels of p{50}\.undone_kind, which/,
  ],
])('stays where %s: then other labels are refused, with what to do', async (_, table, sql, message) => {
  await migrations.reset(BASE.replaceAll('pets', table));
  const [add, remove, again] = migrationsOf([
    (schema) => schema.addColumn(table, 'kind', kind),
    (schema) => schema.removeColumn(table, 'kind', kind),
    (schema) => schema.addColumn(table, 'kind', other),
  ]);
  if (!add || !remove || !again) throw new Error('There are three migrations.');
  await run([add, remove]);
  await migrations.query(sql);
  const before = await migrations.schema();
  await expect(migrations.upAfter([add, remove], again)).rejects.toThrow(message);
  expect(await migrations.schema()).toEqual(before);
});
