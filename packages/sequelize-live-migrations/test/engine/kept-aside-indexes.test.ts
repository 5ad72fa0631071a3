import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { migrationsOf } from '../support/chains';
import { useMigrations } from '../support/migrations';
import { runUndoneAndRun } from '../support/run-undone-and-run';

// Indexes have their names in the whole schema: what is kept aside of one table may have the name that an index of another one
// would get when that is kept aside.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const integer = { type: DataTypes.INTEGER };

const BASE = `CREATE TABLE pets (id integer CONSTRAINT the_key PRIMARY KEY, age integer);
  CREATE TABLE owners (id integer PRIMARY KEY, age integer);
  INSERT INTO pets VALUES (1, 1); INSERT INTO owners VALUES (2, 2)`;

it.each<[string, ...((schema: Schema) => void)[]]>([
  [
    'two tables',
    (schema) => schema.addIndex('pets', ['age'], { name: 'sought' }),
    (schema) => schema.dropTable('pets', { id, age: integer }),
    (schema) => schema.addIndex('owners', ['age'], { name: 'sought' }),
    (schema) => schema.dropTable('owners', { id, age: integer }),
  ],
])('is kept aside and restored, with an index of the same name: %s', async (_, ...declared) => {
  const found = await runUndoneAndRun(migrations, BASE, migrationsOf(declared));
  expect(found.undone).toEqual(found.before);
  expect(found.again).toEqual(found.after);
});
