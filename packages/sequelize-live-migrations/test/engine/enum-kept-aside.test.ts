import { DataTypes } from 'sequelize';
import { BASE, BASELINE, migrationsOf } from '../support/chains';
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

type Declared = TestMigration['up'];

const CHAINS: readonly [string, ...Declared[]][] = [
  [
    'a column',
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.removeColumn('pets', 'kind', kind),
    (schema) => schema.addColumn('pets', 'kind', other),
  ],
  [
    'a column with some of the labels',
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.removeColumn('pets', 'kind', kind),
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat') }),
  ],
  [
    'a column with an array',
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('cat')) }),
    (schema) => schema.removeColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('cat')) }),
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('dog')) }),
  ],
  [
    'a column whose index and check go with it',
    (schema) => {
      schema.addColumn('pets', 'kind', kind);
      schema.addIndex('pets', ['kind']);
      schema.addConstraint('pets', { type: 'check', name: 'known', where: { kind: ['cat', 'dog'] } });
    },
    (schema) => {
      schema.removeConstraint('pets', { type: 'check', name: 'known', where: { kind: ['cat', 'dog'] } });
      schema.removeIndex('pets', ['kind']);
      schema.removeColumn('pets', 'kind', kind);
    },
    (schema) => {
      schema.addColumn('pets', 'kind', other);
      schema.addIndex('pets', ['kind']);
      schema.addConstraint('pets', { type: 'check', name: 'known', where: { kind: ['big', 'small'] } });
    },
  ],
  [
    'a third one, after two that were removed',
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.removeColumn('pets', 'kind', kind),
    (schema) => schema.addColumn('pets', 'kind', other),
    (schema) => schema.removeColumn('pets', 'kind', other),
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('old', 'young') }),
  ],
  [
    'a table',
    (schema) => schema.createTable('toys', { id, kind }),
    (schema) => schema.dropTable('toys', { id, kind }),
    (schema) => schema.createTable('toys', { id, kind: other }),
  ],
  [
    'a table, and its column in a migration of its own',
    (schema) => schema.createTable('toys', { id, kind }),
    (schema) => schema.dropTable('toys', { id, kind }),
    (schema) => schema.createTable('toys', { id }),
    (schema) => schema.addColumn('toys', 'kind', other),
  ],
];

/** Each migration with those before it. */
function inOrder(
  declared: readonly Declared[],
): { readonly before: TestMigration[]; readonly one: TestMigration }[] {
  const chain = migrationsOf(declared);
  return chain.map((one, n) => ({ before: [BASELINE, ...chain.slice(0, n)], one }));
}

describe.each<[string, string]>([
  ['with rows', BASE],
  ['without rows', `${BASE}; DELETE FROM pets`],
])('is made again with other labels, undone and done again exactly, %s:', (_, base) => {
  it.each(CHAINS)('%s', async (...[, ...declared]) => {
    await migrations.reset(base);
    const states = [await migrations.schema()];
    for (const { before, one } of inOrder(declared)) {
      await migrations.upAfter(before, one);
      expect(await migrations.stepsLeft(...before, one)).toEqual([]);
      states.push(await migrations.schema());
    }
    for (const { before, one } of inOrder(declared).reverse()) {
      await migrations.downAfter(before, one);
      expect(visible(await migrations.schema())).toEqual(visible(states[before.length - 1] ?? []));
    }
    for (const { before, one } of inOrder(declared)) await migrations.upAfter(before, one);
    expect(visible(await migrations.schema())).toEqual(visible(states.at(-1) ?? []));
  });
});

/** The lines of a schema without what is kept aside, and without the enum types that only this has. */
function visible(lines: readonly string[]): string[] {
  const left = lines.filter((line) => !/undone_|kept aside/i.test(line));
  const isUsed = (type: string) => left.some((line) => new RegExp(` ${type}\\b(?! enum )`).test(line));
  return left.filter((line) => {
    const [, type] = /^(\w+) enum /.exec(line) ?? [];
    return type === undefined || isUsed(type);
  });
}

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
