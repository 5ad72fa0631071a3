import { DataTypes } from 'sequelize';
import type { ColumnAttributes, Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// What has the name of a declared table, or is another kind of table or column than usual: it converges, or is refused as
// what it is, before anything is done.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const createPets = { name: 'pets.js', up: (schema: Schema) => schema.createTable('pets', { id }) };
const addAge = {
  name: 'age.js',
  up: (schema: Schema) => {
    schema.createTable('others', { id });
    schema.addColumn('pets', 'age', { type: DataTypes.INTEGER });
  },
};

describe('something of the name of a table is refused as what it is, with what to type:', () => {
  const WRAPPER = `DROP FOREIGN DATA WRAPPER IF EXISTS nothing CASCADE; CREATE FOREIGN DATA WRAPPER nothing;
    CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing; GRANT USAGE ON FOREIGN SERVER nowhere TO PUBLIC`;
  const FOREIGN = 'CREATE FOREIGN TABLE pets (id integer NOT NULL) SERVER nowhere';

  afterEach(() => migrations.query('DROP FOREIGN DATA WRAPPER IF EXISTS nothing CASCADE'));

  it.each([
    ['a view', 'CREATE VIEW pets AS SELECT 1 AS id', 'ALTER VIEW'],
    ['a materialized view', 'CREATE MATERIALIZED VIEW pets AS SELECT 1 AS id', 'ALTER MATERIALIZED VIEW'],
    ['a sequence', 'CREATE SEQUENCE pets', 'ALTER SEQUENCE'],
    ['an index', 'CREATE TABLE toys (id integer); CREATE INDEX pets ON toys (id)', 'ALTER INDEX'],
    ['a type', 'CREATE TYPE pets AS (id integer)', 'ALTER TYPE'],
    ['a domain', 'CREATE DOMAIN pets AS integer', 'ALTER DOMAIN'],
    ['a foreign table', FOREIGN, 'ALTER FOREIGN TABLE'],
  ])('%s', async (kind, sql, alter) => {
    for (const one of [createPets, addAge]) {
      await migrations.query(WRAPPER);
      const refusal = await migrations.refusal(sql, one);
      expect(refusal).toContain(
        `schema ${SCHEMA}, pets is ${kind}, and this migration needs a table of that name. `,
      );
      const [, statement = ''] = /Rename it, (ALTER .* RENAME TO )…;/.exec(refusal) ?? [];
      expect(statement).toBe(`${alter} "${SCHEMA}"."pets" RENAME TO `);
      await migrations.query(`${statement} formerly`);
      await migrations.up(createPets);
    }
  });
});

it.each([
  ['a domain', 'CREATE DOMAIN enum_pets_kind AS text'],
  ['a table', 'CREATE TABLE enum_pets_kind (id integer)'],
])('%s of the name of an enum type is refused as that', async (kind, sql) => {
  const attributes = { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' };
  const one = { name: 'one.js', up: (schema: Schema) => schema.addColumn('pets', 'kind', attributes) };
  expect(await migrations.refusal(`CREATE TABLE pets (id integer PRIMARY KEY); ${sql}`, one)).toContain(
    `enum_pets_kind is ${kind}, and this migration needs an enum type of that name`,
  );
});

it('a view that a foreign key is to refer to, or has the next name of a table, is refused as that', async () => {
  const view = 'CREATE VIEW owners AS SELECT 1 AS id; CREATE TABLE pets (id integer PRIMARY KEY)';
  const references = { model: 'owners', key: 'id' };
  const refer = {
    name: 'one.js',
    up: (schema: Schema) => schema.addColumn('pets', 'owner', { type: DataTypes.INTEGER, references }),
  };
  expect(await migrations.refusal(view, refer)).toContain('owners is a view');
  const rename = { name: 'one.js', up: (schema: Schema) => schema.renameTable('pets', 'owners') };
  expect(await migrations.refusal(view, rename)).toContain('owners is a view');
});

it('a view in the place of a renamed table, which the same migration makes, is dropped by its undo', async () => {
  const one = {
    name: 'one.js',
    up: (schema: Schema) => {
      schema.renameTable('pets', 'animals');
      schema.sql({ up: 'CREATE VIEW pets AS SELECT * FROM animals', down: 'DROP VIEW pets' });
    },
  };
  const schema = await migrations.thereAndBack('CREATE TABLE pets (id integer PRIMARY KEY)', one);
  expect(schema).toContain('animals id integer not null');
});

describe('an unlogged table', () => {
  const UNLOGGED = 'CREATE UNLOGGED TABLE pets (id integer PRIMARY KEY); INSERT INTO pets VALUES (1)';
  const pet = { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } };

  it('is changed, undone and changed again like any other, and stays unlogged', async () => {
    const one = {
      name: 'one.js',
      up: (schema: Schema) => {
        schema.addColumn('pets', 'age', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });
        schema.addIndex('pets', ['age']);
      },
    };
    await migrations.reset(UNLOGGED);
    await migrations.up(one);
    const before = await migrations.schema();
    expect(await migrations.undoAndRedo(one)).toEqual(before);
    expect(
      await migrations.query("SELECT relpersistence AS it FROM pg_class WHERE relname = 'pets'"),
    ).toEqual([{ it: 'u' }]);
  });

  it.each<[string, string, (schema: Schema) => void]>([
    ['a new table', UNLOGGED, (schema) => schema.createTable('toys', { id, pet })],
    [
      'a column',
      `${UNLOGGED}; CREATE TABLE toys (id integer PRIMARY KEY)`,
      (schema) => schema.addColumn('toys', 'pet', pet),
    ],
  ])('to which %s is to refer is refused by name', async (_, sql, up) => {
    const first = (schema: Schema) => schema.createTable('others', { id });
    const one = { name: 'one.js', up: (schema: Schema) => [first, up].forEach((its) => its(schema)) };
    expect(await migrations.refusal(sql, one)).toMatch(
      /table pets: expected one that is logged, .*, found an unlogged one, .* ALTER TABLE "pets" SET LOGGED/,
    );
  });
});

it('a table with children is changed with them, and undone and changed again', async () => {
  const one = {
    name: 'one.js',
    up: (schema: Schema) => schema.addColumn('pets', 'age', { type: DataTypes.INTEGER, defaultValue: 1 }),
  };
  await migrations.reset(`CREATE TABLE pets (id integer PRIMARY KEY); CREATE TABLE cats () INHERITS (pets);
    INSERT INTO cats VALUES (1)`);
  await migrations.up(one);
  await migrations.query('UPDATE cats SET age = 7');
  await migrations.down(one);
  await migrations.up(one);
  expect(await migrations.query('SELECT age FROM cats')).toEqual([{ age: 7 }]);
});

it.each<[string, string, ColumnAttributes, string]>([
  [
    'an identity column for a serial one',
    'it integer GENERATED BY DEFAULT AS IDENTITY',
    { type: DataTypes.INTEGER, autoIncrement: true },
    'column pets.it: expected type integer with a sequence of its own, found type integer with an identity',
  ],
  [
    'a generated column',
    'it text GENERATED ALWAYS AS (lower(name)) STORED',
    { type: DataTypes.TEXT },
    'column pets.it: expected type text, found type text generated as lower(name)',
  ],
  [
    'a domain for its type',
    'it short_text',
    { type: DataTypes.STRING(20) },
    'column pets.it: expected type character varying(20), found type short_text',
  ],
])('%s is refused by name', async (_, column, attributes, message) => {
  const sql = `CREATE DOMAIN short_text AS varchar(20); CREATE TABLE pets (id integer PRIMARY KEY, name text, ${column})`;
  const one = {
    name: 'one.js',
    up: (schema: Schema) => {
      schema.createTable('others', { id });
      schema.addColumn('pets', 'it', attributes);
    },
  };
  expect(await migrations.refusal(sql, one)).toContain(message);
});

it('other columns of a table with an identity, a generated column and a domain are changed as usual', async () => {
  const one = {
    name: 'one.js',
    up: (schema: Schema) => {
      schema.addColumn('pets', 'age', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['lower_name', 'code']);
    },
  };
  const sql = `CREATE DOMAIN short_text AS varchar(20) NOT NULL CHECK (VALUE <> '');
    CREATE TABLE pets (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, code short_text,
      lower_name text GENERATED ALWAYS AS (lower(name)) STORED)`;
  const after = await migrations.convergesThereAndBack(sql, one);
  expect(after).toContain('pets lower_name text default lower(title)');
});
