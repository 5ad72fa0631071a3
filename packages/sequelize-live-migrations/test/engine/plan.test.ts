import { DataTypes, literal } from 'sequelize';
import { inverse, Schema } from '../../src/vocabulary';
import { purposes, usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';

const planner = usePlanner();

const pets = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const toys = (schema: Schema) =>
  schema.createTable('toys', {
    id: { type: DataTypes.INTEGER, primaryKey: true },
    pet: { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } },
  });
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };

describe('what is absent', () => {
  it('is created as stated, in order, types first', async () => {
    const owners = 'CREATE TABLE owners (id integer PRIMARY KEY)';
    const { steps } = await planner.planFor(owners, (schema) => {
      schema.createTable('pets', {
        id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
        kind,
        born: { type: DataTypes.DATE, defaultValue: literal('now()') },
        owner: { type: DataTypes.INTEGER, references: { model: 'owners', key: 'id' }, onDelete: 'SET NULL' },
      });
      schema.addIndex('pets', ['kind', 'born'], { unique: true });
    });
    expect(steps.map(({ sql }) => sql)).toEqual([
      `CREATE TYPE "enum_pets_kind" AS ENUM ('cat', 'dog')`,
      `CREATE TABLE "pets" (
  "id" bigserial NOT NULL,
  "kind" enum_pets_kind DEFAULT 'cat'::enum_pets_kind NOT NULL,
  "born" timestamp with time zone DEFAULT now(),
  "owner" integer,
  CONSTRAINT "pets_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "pets_owner_fkey" FOREIGN KEY ("owner") REFERENCES "owners" ("id") ON UPDATE NO ACTION ON DELETE SET NULL
)`,
      'CREATE UNIQUE INDEX "pets_kind_born" ON "pets" USING btree (kind, born)',
    ]);
  });

  it('is nothing to revert', async () => {
    const { steps, notices } = await planner.planFor('', (schema) => {
      schema.removeIndex('pets', ['name']);
      schema.removeColumn('pets', 'kind', kind);
      schema.dropTable('pets', {});
    });
    expect([steps, notices]).toEqual([[], []]);
  });

  it('is refused where something is to be added to it', async () => {
    await expect(planner.planFor('', (schema) => schema.addColumn('pets', 'kind', kind))).rejects.toThrow(
      new RegExp(
        String.raw`^Table pets does not exist in schema ${SCHEMA} of database \w+, .*Nothing of this migration was done`,
      ),
    );
  });
});

describe('what is there as stated', () => {
  it('is left alone', async () => {
    const there = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog'); ${pets};
      ALTER TABLE pets ADD COLUMN kind enum_pets_kind NOT NULL DEFAULT 'cat'; CREATE INDEX pets_name ON pets (name)`;
    const { steps } = await planner.planFor(there, (schema) => {
      schema.createTable('pets', {
        id: { type: DataTypes.INTEGER, primaryKey: true },
        name: { type: DataTypes.TEXT },
      });
      schema.addColumn('pets', 'kind', kind);
      schema.addIndex('pets', ['name']);
    });
    expect(steps).toEqual([]);
  });

  it('is found in the schema that the search_path finds it in, whatever its namesakes elsewhere are', async () => {
    const elsewhere =
      'CREATE SCHEMA IF NOT EXISTS other; DROP TABLE IF EXISTS other.pets; CREATE TABLE other.pets (name bytea)';
    const { steps } = await planner.planFor(`${elsewhere}; ${pets}`, (schema) =>
      schema.addColumn('pets', 'name', { type: DataTypes.TEXT }),
    );
    expect(steps).toEqual([]);
  });
});

describe('what is there and different', () => {
  it.each<[string, string, (schema: Schema) => void, RegExp]>([
    [
      'a column of another type',
      `${pets}; ALTER TABLE pets ADD COLUMN kind text NOT NULL DEFAULT 'cat'`,
      (schema) => schema.addColumn('pets', 'kind', kind),
      /column pets\.kind: expected type enum_pets_kind, found type text/,
    ],
    [
      'an enum type with other labels',
      `${pets}; CREATE TYPE enum_pets_kind AS ENUM ('dog', 'cat')`,
      (schema) => schema.addColumn('pets', 'kind', kind),
      /enum type enum_pets_kind: expected cat, dog, found dog, cat/,
    ],
    [
      'a column whose values PostgreSQL makes itself',
      `${pets}; ALTER TABLE pets ADD COLUMN age integer NOT NULL GENERATED ALWAYS AS (1) STORED`,
      (schema) => schema.addColumn('pets', 'age', { type: DataTypes.INTEGER }),
      /column pets\.age: expected type integer, found type integer generated as 1/,
    ],
    [
      'an index of that name on another column',
      `${pets}; CREATE INDEX pets_name ON pets (id)`,
      (schema) => schema.addIndex('pets', ['name']),
      /index pets_name: expected btree \(name\), found btree \(id\)/,
    ],
    [
      'a table with another primary key and without a column',
      'CREATE TABLE pets (name text PRIMARY KEY)',
      (schema) => schema.createTable('pets', { id: { type: DataTypes.INTEGER, primaryKey: true } }),
      /table pets: expected primary key \(id\), found primary key \(name\)/,
    ],
    [
      'nulls in a column that is to have none, and nothing to fill them with',
      `${pets}; INSERT INTO pets VALUES (1, NULL)`,
      (schema) => schema.addColumn('pets', 'name', { type: DataTypes.TEXT, allowNull: false }),
      /column pets\.name: expected not null, found nulls, and neither a default nor a backfill/,
    ],
    [
      'rows, where a column is to be added that needs a value in each',
      `${pets}; INSERT INTO pets VALUES (1, NULL)`,
      (schema) => schema.addColumn('pets', 'owner', { type: DataTypes.TEXT, allowNull: false }),
      /column pets\.owner: expected a value in every row, found no such column, and rows/,
    ],
    [
      'orphaned rows, with the query that lists them',
      `${pets}; CREATE TABLE toys (id integer PRIMARY KEY, pet integer); INSERT INTO toys VALUES (1, 7)`,
      toys,
      /table toys: expected foreign key \(pet\) .*found orphaned rows: SELECT child\.\* FROM "toys" AS child WHERE .*;/,
    ],
  ])('is refused by name: %s', async (_, sql, state, message) => {
    await expect(planner.planFor(sql, state)).rejects.toThrow(message);
  });
});

describe('what is taken back', () => {
  it('goes with its enum type, unless another column uses that', async () => {
    const shared = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog'); ${pets};
      ALTER TABLE pets ADD COLUMN kind enum_pets_kind`;
    const remove = (schema: Schema) => schema.removeColumn('pets', 'kind', kind);
    expect(purposes(await planner.planFor(shared, remove))).toEqual([
      'keep column pets.kind aside as undone_kind',
      'drop column pets.undone_kind',
    ]);
    for (const elsewhere of ['', '; CREATE TABLE strays (kind enum_pets_kind[])']) {
      await planner.reset(shared + elsewhere);
      await planner.execute(remove);
      const types = (await schemaOf(planner.database)).filter((line) => line.startsWith('enum_'));
      expect(types).toHaveLength(elsewhere === '' ? 0 : 1);
    }
  });
});

it('the inverse of the inverse is what was stated', () => {
  const schema = new Schema();
  schema.createTable('pets', { id: { type: DataTypes.INTEGER } });
  schema.addColumn('pets', 'kind', kind);
  schema.changeColumn('pets', 'kind', kind);
  schema.addIndex('pets', ['kind']);
  expect(inverse(inverse(schema.changes))).toEqual(schema.changes);
});

it('adds a column with its foreign key', async () => {
  const owner = { type: DataTypes.INTEGER, references: { model: 'owners', key: 'id' } };
  const { steps } = await planner.planFor(`${pets}; CREATE TABLE owners (id integer PRIMARY KEY)`, (schema) =>
    schema.addColumn('pets', 'owner', owner),
  );
  expect(purposes({ steps, notices: [] })).toEqual([
    'add column pets.owner',
    'add foreign key pets_owner_fkey',
    'validate foreign key pets_owner_fkey',
  ]);
});

it('a default that only Sequelize knows is refused, with what to write instead', async () => {
  const state = (schema: Schema) =>
    schema.addColumn('pets', 'born', { type: DataTypes.DATE, defaultValue: DataTypes.NOW });
  await expect(planner.planFor(pets, state)).rejects.toThrow(/pets\.born: .*literal\('CURRENT_TIMESTAMP'\)/);
});
