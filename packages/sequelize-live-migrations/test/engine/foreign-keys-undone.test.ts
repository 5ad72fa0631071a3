import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// The undo of a foreign key that is declared by itself, after migrations that have declared one for the same columns.

const migrations = useMigrations();

const TABLES = `CREATE TABLE owners (id integer PRIMARY KEY, town text);
  CREATE TABLE pets (id integer PRIMARY KEY, town text)`;

it('an undo restores the key of its column, which a changeColumn in between says nothing about', async () => {
  const type = DataTypes.INTEGER;
  const references = { model: 'owners', key: 'id' };
  const before = [
    { name: '1.js', up: (schema: Schema) => schema.addColumn('pets', 'keeper', { type, references }) },
    {
      name: '2.js',
      up: (schema: Schema) => schema.changeColumn('pets', 'keeper', { type, defaultValue: 1 }),
    },
  ];
  const ofKeeper = { type: 'foreign key', fields: ['keeper'], onDelete: 'CASCADE' } as const;
  const options = { ...ofKeeper, references: { table: 'owners', field: 'id' } };
  const replaced = { name: '3.js', up: (schema: Schema) => schema.addConstraint('pets', options) };
  await migrations.reset(TABLES);
  await migrations.up(...before);
  const keyBefore = (await migrations.schema()).filter((line) => line.includes('(keeper)'));
  expect(keyBefore).toEqual(['pets pets_keeper_fkey FOREIGN KEY (keeper) REFERENCES owners(id)']);
  await migrations.upAfter(before, replaced);
  await migrations.downAfter(before, replaced);
  expect((await migrations.schema()).filter((line) => line.includes('(keeper)'))).toEqual(keyBefore);
});

it('one that was removed, and is added again, goes when that is undone', async () => {
  const unique = (schema: Schema) => schema.addConstraint('owners', { type: 'unique', fields: ['town'] });
  const ofTown = {
    type: 'foreign key',
    name: 'of_town',
    fields: ['town'],
    references: { table: 'owners', field: 'town' },
  } as const;
  const [zero, one] = [
    { name: '0.js', up: unique },
    { name: '1.js', up: (schema: Schema) => schema.addConstraint('pets', ofTown) },
  ];
  const two = { name: '2.js', up: (schema: Schema) => schema.removeConstraint('pets', ofTown) };
  const three = { ...one, name: '3.js' };
  await migrations.reset(TABLES);
  await migrations.up(zero, one, two);
  const without = await migrations.schema();
  await migrations.upAfter([zero, one, two], three);
  await migrations.downAfter([zero, one, two], three);
  expect(await migrations.schema()).toEqual(without);
});
