import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type TestMigration, useMigrations } from '../support/migrations';

// Indexes have their names in the whole schema: what is kept aside of one table may have the name that an index of another one
// would get when that is kept aside.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const integer = { type: DataTypes.INTEGER };

const BASE = `CREATE TABLE pets (id integer CONSTRAINT the_key PRIMARY KEY, age integer);
  CREATE TABLE owners (id integer PRIMARY KEY, age integer);
  INSERT INTO pets VALUES (1, 1); INSERT INTO owners VALUES (2, 2)`;

/** All objects, without the time in the comments of what is kept aside. */
const schema = async () => (await migrations.schema()).map((line) => line.replace(/, at 20[^.]*/, ''));

/** Runs all, undoes all, and runs all again. @returns what there is before and after each */
async function thereAndBackAndThere(all: readonly TestMigration[]) {
  await migrations.reset(BASE);
  const before = await schema();
  for (const [n, one] of all.entries()) await migrations.upAfter(all.slice(0, n), one);
  const after = await schema();
  for (const n of [...all.keys()].reverse())
    for (const one of all.slice(n, n + 1)) await migrations.downAfter(all.slice(0, n), one);
  const undone = (await schema()).filter((line) => !line.includes('undone_'));
  for (const [n, one] of all.entries()) await migrations.upAfter(all.slice(0, n), one);
  return { before, after, undone, again: await schema() };
}

it.each<[string, ...((schema: Schema) => void)[]]>([
  [
    'a column, and one of another table',
    (schema) => schema.addIndex('pets', ['age'], { name: 'sought' }),
    (schema) => schema.removeColumn('pets', 'age', integer),
    (schema) => schema.addIndex('owners', ['age'], { name: 'sought' }),
    (schema) => schema.removeColumn('owners', 'age', integer),
    (schema) => schema.addIndex('owners', ['id'], { name: 'sought' }),
  ],
  [
    'a unique constraint, and an index',
    (schema) => schema.addConstraint('pets', { type: 'unique', fields: ['age'], name: 'sought' }),
    (schema) => schema.removeColumn('pets', 'age', integer),
    (schema) => schema.addIndex('owners', ['age'], { name: 'sought' }),
    (schema) => schema.removeColumn('owners', 'age', integer),
  ],
  [
    'two tables',
    (schema) => schema.addIndex('pets', ['age'], { name: 'sought' }),
    (schema) => schema.dropTable('pets', { id, age: integer }),
    (schema) => schema.addIndex('owners', ['age'], { name: 'sought' }),
    (schema) => schema.dropTable('owners', { id, age: integer }),
  ],
  [
    'a table that was renamed, and a new one of its first name',
    (schema) => schema.renameTable('owners', 'people'),
    (schema) => schema.dropTable('people', { id, age: integer }),
    (schema) => schema.createTable('owners', { id }),
    (schema) => schema.dropTable('owners', { id }),
  ],
])('is kept aside and restored, with an index of the same name: %s', async (_, ...declared) => {
  const found = await thereAndBackAndThere(declared.map((up, n) => ({ name: `0${String(n + 1)}.js`, up })));
  expect(found.undone).toEqual(found.before);
  expect(found.again).toEqual(found.after);
});
