import { col, DataTypes, fn, literal, Op, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { compareWithModels } from '../../src/commands';
import { modelsOf } from '../../src/commands/models-of';
import { migration } from '../../src/migration';
import { type MigrationToPlan, stepsLeft } from '../../src/run';
import { DEFAULT_LIMITS, setRunner } from '../../src/session';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { fixtureProject } from '../support/fixture-project';
import { migrate } from '../support/migrator';

let migrated: TestDatabase;

beforeAll(async () => {
  migrated = await createDatabase();
  await migrate(migrated, (umzug) => umzug.up());
});

afterAll(() => dropDatabases());

const createMigratedDatabase = () => createDatabase(migrated);

const differencesOf = async ({ url }: TestDatabase) =>
  differencesFromModels(url, await modelsOf(fixtureProject()));

it('reports nothing where the migrations declare what the models do', async () => {
  expect(await differencesOf(migrated)).toEqual([]);
});

it.each([
  [
    'a nullable column',
    'ALTER TABLE pets ALTER name DROP NOT NULL',
    'column pets.name: expected not null, found nullable',
  ],
  [
    'another default',
    'ALTER TABLE pets ALTER visits SET DEFAULT 7',
    'column pets.visits: expected default 1, found default 7',
  ],
  [
    'no foreign key',
    'ALTER TABLE toys DROP CONSTRAINT toys_pet_id_fkey',
    /^table toys: expected foreign key \(pet_id\) to pets .*, found no foreign key on that column$/,
  ],
  [
    'a foreign key that is checked later',
    'ALTER TABLE toys ALTER CONSTRAINT toys_pet_id_fkey DEFERRABLE',
    'foreign key toys_pet_id_fkey: expected NOT DEFERRABLE, found DEFERRABLE INITIALLY IMMEDIATE',
  ],
  [
    'other labels',
    "ALTER TYPE enum_pets_kind ADD VALUE 'owl'",
    'enum type enum_pets_kind: expected cat, dog, found cat, dog, owl',
  ],
  ['no index', 'DROP INDEX pets_name', 'index pets_name: expected btree (name), found no such index'],
  [
    'an index that is not valid',
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_name'::regclass",
    'index pets_name: expected valid, found invalid',
  ],
  [
    'another column',
    'ALTER TABLE pets ADD color text',
    'column pets.color: expected nothing, found type text',
  ],
  [
    'another index',
    'CREATE INDEX mine ON pets (id, name)',
    'index mine: expected nothing, found btree (id, name)',
  ],
  [
    'a check constraint',
    'ALTER TABLE pets ADD CONSTRAINT mine CHECK (id > 0)',
    'table pets: expected nothing, found check constraint mine',
  ],
  [
    'a unique constraint',
    'ALTER TABLE pets ADD CONSTRAINT mine UNIQUE (id, name)',
    'table pets: expected nothing, found constraint mine UNIQUE (id, name)',
  ],
  [
    'an exclusion constraint',
    'ALTER TABLE pets ADD CONSTRAINT mine EXCLUDE (name WITH =)',
    'table pets: expected nothing, found constraint mine EXCLUDE USING btree (name WITH =)',
  ],
  [
    'a table that was kept aside',
    'ALTER TABLE toys RENAME TO undone_toys',
    'table undone_toys: expected nothing, found a table that was kept aside, or replaced',
  ],
])('reports %s', async (_, sql, line) => {
  const database = await createMigratedDatabase();
  await database.query(sql);
  expect(await differencesOf(database)).toContainEqual(
    typeof line === 'string' ? line : expect.stringMatching(line),
  );
});

it('does not report tables that have no model', async () => {
  const database = await createMigratedDatabase();
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
  const database = await createMigratedDatabase();
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
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const one = migration('one.js', {
    up: (schema) => {
      const integer = { type: DataTypes.INTEGER };
      schema.createTable('toys', {
        id,
        pet: integer,
        of: integer,
        price: integer,
        twice: { ...integer, generatedAs: literal('price * 2') },
      });
      schema.addIndex('toys', ['pet'], { include: ['price'] });
      schema.addConstraint('toys', { type: 'check', name: 'priced', where: { price: { [Op.gt]: 0 } } });
      schema.addConstraint('toys', { type: 'unique', fields: ['pet', 'of'] });
      schema.addConstraint('toys', {
        type: 'foreign key',
        fields: ['pet', 'of'],
        references: { table: 'toys', fields: ['pet', 'of'] },
      });
      schema.renameColumn('toys', 'of', 'owner');
    },
  });
  const executed: MigrationToPlan[] = [
    { name: 'one.js', direction: 'up', changes: one.changes.up, later: [] },
  ];

  async function opened() {
    const database = await createDatabase();
    const sequelize = new Sequelize(database.url, { logging: false });
    const reporter = { line: () => undefined, progress: () => undefined };
    const run = { sequelize, limits: DEFAULT_LIMITS, reporter };
    setRunner(sequelize, run);
    await one.up(sequelize.getQueryInterface());
    const integer = () => ({ type: DataTypes.INTEGER }); // Sequelize writes into what it is given
    const toys = sequelize.define(
      'Toy',
      { id: { ...id }, pet: integer(), owner: integer(), price: integer(), twice: integer() },
      { tableName: 'toys', timestamps: false, indexes: [{ fields: ['pet'] }] },
    );
    const compare = async (migrations: readonly MigrationToPlan[] = executed) => {
      const { differences } = await compareWithModels(run, [toys], migrations);
      return [...differences, ...(await stepsLeft(run, migrations))];
    };
    return { database, compare, sequelize };
  }

  it('a check, a generated column, a covering index, and a foreign key of several columns', async () => {
    const { compare, sequelize } = await opened();
    expect(await compare()).toEqual([]);
    expect((await compare([])).sort()).toEqual([
      'column toys.twice: expected type integer, found type integer generated as (price * 2)',
      'index toys_pet: expected btree (pet), found btree (pet) INCLUDE (price)',
      'table toys: expected nothing, found check constraint priced',
      'table toys: expected nothing, found foreign key (pet, owner) to toys (pet, owner) on update NO ACTION on delete NO ACTION',
    ]);
    await sequelize.close();
  });

  it.each([
    [
      'ALTER TABLE toys DROP CONSTRAINT priced',
      [/^one.js has run, and would now add constraint priced/, /would now validate constraint priced$/],
    ],
    [
      'DROP INDEX toys_pet; CREATE INDEX toys_pet ON toys (pet)',
      [/^one.js has run, and would now be refused/],
    ],
    ['ALTER TABLE toys DROP CONSTRAINT priced, ADD CONSTRAINT priced CHECK (price > 9)', [/be refused/]],
  ])('but it is one when somebody has changed it: %s', async (sql, lines) => {
    const { database, compare, sequelize } = await opened();
    await database.query(sql);
    const found = await compare();
    expect(found).toHaveLength(lines.length);
    lines.forEach((line, n) => {
      expect(found[n]).toMatch(line);
    });
    await sequelize.close();
  });
});

it('a view that has the name of a table is found as that', async () => {
  const database = await createMigratedDatabase();
  await database.query('DROP TABLE toys; CREATE VIEW toys AS SELECT 1 AS id');
  expect(await differencesOf(database)).toEqual([
    'table toys: expected that it is there, found a view of that name',
  ]);
});
