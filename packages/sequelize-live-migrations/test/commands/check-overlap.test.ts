import { DataTypes, type ModelAttributeColumnOptions, type ModelAttributes, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// The check of models while a column has two names.

const migrations = useMigrations();

const start = {
  name: '1.js',
  up: (schema: Schema) => schema.renameColumn('pets', 'name', 'title', { overlap: true }),
};

const base: ModelAttributes = { id: { type: DataTypes.INTEGER, primaryKey: true }, age: DataTypes.INTEGER };
/** A new one each time: Sequelize writes into it. */
const column = () => ({ type: DataTypes.TEXT, allowNull: false, defaultValue: 'none', unique: true });

/** How the database differs from a model with some columns. */
function differencesWith(columns: ModelAttributes, name: string): Promise<string[]> {
  const sequelize = new Sequelize(migrations.database.url);
  const indexes = [{ name: 'by_age', fields: ['age', name] }];
  const model = sequelize.define(
    'pet',
    { ...base, ...columns },
    { tableName: 'pets', timestamps: false, indexes },
  );
  return differencesFromModels(migrations.database.url, [model]);
}

it('finds no difference with the one name or with the other, and the second column with neither or both', async () => {
  await migrations.reset(`CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'none' UNIQUE, age integer);
    CREATE INDEX by_age ON pets (age, name); INSERT INTO pets VALUES (1)`);
  await migrations.up(start);
  expect(await differencesWith({ name: column() }, 'name')).toEqual([]);
  expect(await differencesWith({ title: column() }, 'title')).toEqual([]);
  expect((await differencesWith({}, 'age')).join()).toContain('column pets.title: expected nothing');
  expect((await differencesWith({ name: column(), title: column() }, 'name')).length).toBeGreaterThan(0);
  expect(await differencesWith({ title: { ...column(), defaultValue: 'x' } }, 'title')).toEqual([
    "column pets.title: expected default 'x'::text, found default 'none'::text",
  ]);
});

it('finds no difference while another type is prepared, nor when the change is made', async () => {
  const key = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false };
  const created = { name: '0.js', up: (schema: Schema) => schema.createTable('pets', { id: key }) };
  const prepare = {
    name: '1.js',
    up: (schema: Schema) => schema.changeColumn('pets', 'id', { type: DataTypes.BIGINT }, { overlap: true }),
  };
  const change = {
    name: '2.js',
    up: (schema: Schema) => schema.changeColumn('pets', 'id', { ...key, type: DataTypes.BIGINT }),
  };
  const differences = (type: ModelAttributeColumnOptions['type']) => {
    const sequelize = new Sequelize(migrations.database.url);
    const id = { type, primaryKey: true, autoIncrement: true };
    const pet = sequelize.define('pet', { id }, { tableName: 'pets', timestamps: false });
    const pets = { type, references: { model: pet, key: 'id' } };
    const toy = sequelize.define('toy', { pet: pets }, { tableName: 'toys', timestamps: false });
    toy.removeAttribute('id');
    return differencesFromModels(migrations.database.url, [pet, toy]);
  };
  await migrations.reset(`CREATE TABLE pets (id serial PRIMARY KEY);
    CREATE TABLE toys (pet integer REFERENCES pets)`);
  expect(await differences(DataTypes.INTEGER)).toEqual([]);
  await migrations.up(prepare);
  expect(await differences(DataTypes.INTEGER)).toEqual([]);
  expect((await differences(DataTypes.BIGINT)).join()).toContain('column pets.id: expected type bigint');
  await migrations.upAfter([created, prepare], change);
  const after = (await differences(DataTypes.BIGINT)).filter((line) => !line.startsWith('column toys.pet'));
  expect(after).toEqual([]);
});
