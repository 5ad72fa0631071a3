import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// A table gets another name, and all that uses it follows.

const migrations = useMigrations();

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text CHECK (name > ''), part_of integer REFERENCES pets);
  CREATE INDEX pets_name ON pets (name); CREATE VIEW names AS SELECT name FROM pets; COMMENT ON TABLE pets IS 'All';
  CREATE TABLE toys (pet integer REFERENCES pets)`;
const ROWS = "INSERT INTO pets VALUES (1, 'Rex'); INSERT INTO toys VALUES (1)";
const rename = { name: 'one.js', up: (schema: Schema) => schema.renameTable('pets', 'All Pets') };

it.each([
  ['without rows', PETS],
  ['with rows', `${PETS}; ${ROWS}`],
])('a table %s is renamed there and back, and what is named after it keeps its name', async (_, sql) => {
  const after = await migrations.convergesThereAndBack(sql, rename);
  expect(after).toEqual(
    expect.arrayContaining([
      `CREATE INDEX pets_name ON ${SCHEMA}."All Pets" USING btree (name)`,
      'toys toys_pet_fkey FOREIGN KEY (pet) REFERENCES "All Pets"(id)',
      'table "All Pets": All',
    ]),
  );
  expect(migrations.lines.at(-1)).toMatch(/^table pets is All Pets now: the release of the application/);
});

it.each([
  [
    'both names are there',
    `${PETS}; CREATE TABLE "All Pets" (id integer)`,
    'expected that it is there, and All Pets is not, found both of them',
  ],
  [
    'neither is there',
    '',
    'table pets: expected that it is there, and All Pets is not, found neither of them',
  ],
])('is refused where %s', async (_, sql, message) => {
  expect(await migrations.refusal(sql, rename)).toContain(message);
});

it('names that are exchanged are, in one transaction, and are refused in several', async () => {
  const exchange = (schema: Schema) => {
    schema.renameTable('pets', 'aside');
    schema.renameTable('toys', 'pets');
    schema.renameTable('aside', 'toys');
  };
  const after = await migrations.thereAndBack(`${PETS}; ${ROWS}`, { name: 'one.js', up: exchange });
  expect(after).toContain('pets toys_pet_fkey FOREIGN KEY (pet) REFERENCES toys(id)');
  const up = (schema: Schema) => {
    exchange(schema);
    schema.addColumn('toys', 'age', { type: DataTypes.INTEGER });
    schema.addIndex('toys', ['age']);
  };
  expect(await migrations.refusal(`${PETS}; ${ROWS}`, { name: 'one.js', up })).toMatch(
    /gives tables the names of each other.*\n {2}schema\.renameTable\('pets', 'aside'\);\n/,
  );
});

const createAgain = (schema: Schema) =>
  schema.createTable('pets', { id: { type: DataTypes.INTEGER, primaryKey: true } });

it.each([
  ['of the table that was renamed', `${PETS}; ALTER TABLE pets RENAME TO animals`, 'pets_pkey1'],
  [
    'of two of them',
    `${PETS}; ALTER TABLE pets RENAME TO animals; CREATE TABLE others (id integer CONSTRAINT pets_pkey1 PRIMARY KEY)`,
    'pets_pkey2',
  ],
  ['of something else', 'CREATE SEQUENCE pets_pkey', 'pets_pkey1'],
  ['of nothing', '', 'pets_pkey'],
])('where the name of its primary key is that %s, a new table gets the next one', async (_, sql, name) => {
  const after = await migrations.convergesThereAndBack(sql, { name: 'one.js', up: createAgain });
  expect(after).toContain(`pets ${name} PRIMARY KEY (id)`);
});
