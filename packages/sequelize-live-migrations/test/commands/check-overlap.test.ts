import { DataTypes, type ModelAttributes, Sequelize } from 'sequelize';
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
