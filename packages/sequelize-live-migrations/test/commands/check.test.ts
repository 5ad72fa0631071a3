import { col, DataTypes, fn, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { createDatabase } from '../support/database';
import { differencesOf, useMigrated } from '../support/place';
import { undeclarableToys } from '../support/undeclarable-toys';

const migratedAnd = useMigrated();

it('reports nothing where the migrations declare what the models do', async () => {
  expect(await differencesOf(await migratedAnd())).toEqual([]);
});

it.each([
  [
    'a nullable column',
    'ALTER TABLE pets ALTER name DROP NOT NULL',
    'column pets.name: expected not null, found nullable',
  ],
  [
    'no foreign key',
    'ALTER TABLE toys DROP CONSTRAINT toys_pet_id_fkey',
    /^table toys: expected foreign key \(pet_id\) to pets .*, found no foreign key on that column$/,
  ],
  [
    'other labels',
    "ALTER TYPE enum_pets_kind ADD VALUE 'owl'",
    'enum type enum_pets_kind: expected cat, dog, found cat, dog, owl',
  ],
  ['no index', 'DROP INDEX pets_name', 'index pets_name: expected btree (name), found no such index'],
  [
    'a table that was kept aside',
    'ALTER TABLE toys RENAME TO undone_toys',
    'table undone_toys: expected nothing, found a table that was kept aside, or replaced',
  ],
])('reports %s', async (_, sql, line) => {
  const database = await migratedAnd(sql);
  expect(await differencesOf(database)).toContainEqual(
    typeof line === 'string' ? line : expect.stringMatching(line),
  );
});

it('does not report tables that have no model', async () => {
  const database = await migratedAnd();
  await database.query(
    'CREATE TABLE questions (id serial PRIMARY KEY); CREATE VIEW names AS SELECT name FROM pets',
  );
  expect(await differencesOf(database)).toEqual([]);
});

/** A model with more than columns. */
function defineChip(sequelize: Sequelize) {
  return sequelize.define(
    'Chip',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      code: { type: DataTypes.TEXT, unique: true },
      country: { type: DataTypes.TEXT, unique: 'of_country' },
      serial: { type: DataTypes.INTEGER, field: 'serial_number', unique: 'of_country' },
    },
    {
      tableName: 'chips',
      timestamps: false,
      indexes: [
        { name: 'chips_lower', fields: [fn('lower', col('code'))] },
        { name: 'chips_some', fields: ['code'], where: { country: 'NZ' } },
        { name: 'chips_order', fields: [{ name: 'code', order: 'DESC' }], using: 'btree' },
      ],
    },
  );
}

it('compares unique constraints, and the expressions, predicates and orders of indexes', async () => {
  const database = await createDatabase();
  const sequelize = new Sequelize(database.url, { logging: false });
  const Chip = defineChip(sequelize);
  await Chip.sync();
  expect(await differencesFromModels(database.url, [Chip])).toEqual([]);
  await database.query(`ALTER TABLE chips DROP CONSTRAINT chips_code_key; DROP INDEX chips_some;
    CREATE INDEX chips_some ON chips (code) WHERE country = 'AU'`);
  expect(await differencesFromModels(database.url, [Chip])).toEqual([
    'table chips: expected UNIQUE (code), found no such constraint',
    "index chips_some: expected btree (code) WHERE (country = 'NZ'::text), found btree (code) WHERE (country = 'AU'::text)",
  ]);
  await sequelize.close();
});

it('a comment that a model declares, and no other', async () => {
  const sequelize = new Sequelize('postgres://localhost/none', { logging: false });
  const name = { type: DataTypes.STRING, allowNull: false, comment: 'Its name' };
  const pets = sequelize.define('Pet', { name }, { tableName: 'pets', comment: 'All', timestamps: false });
  const database = await migratedAnd();
  await database.query("COMMENT ON COLUMN pets.id IS 'Mine'; COMMENT ON TABLE pets IS 'Some'");
  const comments = (await differencesFromModels(database.url, [pets])).filter((line) =>
    line.includes('comment'),
  );
  expect(comments).toEqual([
    'table pets: expected comment All, found comment Some',
    'column pets.name: expected comment Its name, found no comment',
  ]);
});

describe('what no model can declare is no difference where a migration declares it', () => {
  it('a check, a generated column, a covering index, and a foreign key of several columns', async () => {
    const { compare, sequelize } = await undeclarableToys();
    expect(await compare()).toEqual([]);
    expect((await compare([])).sort()).toEqual([
      'column toys.twice: expected type integer, found type integer generated as (price * 2)',
      'index toys_pet: expected btree (pet), found btree (pet) INCLUDE (price)',
      'table toys: expected nothing, found check constraint priced',
      'table toys: expected nothing, found foreign key (pet, owner) to toys (pet, owner) on update NO ACTION on delete NO ACTION',
    ]);
    await sequelize.close();
  });
});

it('a view that has the name of a table is found as that', async () => {
  const database = await migratedAnd();
  await database.query('DROP TABLE toys; CREATE VIEW toys AS SELECT 1 AS id');
  expect(await differencesOf(database)).toEqual([
    'table toys: expected that it is there, found a view of that name',
  ]);
});
