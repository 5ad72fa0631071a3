import { DataTypes, literal, Sequelize } from 'sequelize';
import { inspect } from '../../src/schema/inspect';
import { inverse, Schema } from '../../src/schema/intents';
import { plan } from '../../src/schema/plan';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { schemaOf } from '../support/schema';

let database: TestDatabase;
let sequelize: Sequelize;

beforeAll(async () => {
  database = await createDatabase();
  sequelize = new Sequelize(database.url, { logging: false });
});

afterAll(async () => {
  await sequelize.close();
  await dropDatabases();
});

/** The plan for what `state` states, on a database on which `sql` has been run. */
async function planFor(sql: string, state: (schema: Schema) => void) {
  await database.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${sql}`);
  const schema = new Schema();
  state(schema);
  const before = await schemaOf(database);
  const inspection = await inspect(sequelize, schema.intents);
  expect(await schemaOf(database)).toEqual(before); // looking changes nothing
  return plan(inspection, schema.intents);
}

const purposes = ({ steps }: { steps: readonly { purpose: string }[] }) =>
  steps.map(({ purpose }) => purpose);

const pets = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };

describe('what is absent', () => {
  it('is created as stated, in order, types first', async () => {
    const { steps } = await planFor('', (schema) => {
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

  it('is nothing to take back', async () => {
    const { steps, notices } = await planFor('', (schema) => {
      schema.removeIndex('pets', ['name']);
      schema.removeColumn('pets', 'kind', kind);
      schema.dropTable('pets', {});
    });
    expect([steps, notices]).toEqual([[], []]);
  });

  it('is refused where something is to be added to it', async () => {
    await expect(planFor('', (schema) => schema.addColumn('pets', 'kind', kind))).rejects.toThrow(
      /^Table pets does not exist in schema public of database test_\w+, .*Nothing of this migration was done/,
    );
  });
});

describe('what is there as stated', () => {
  it('is left alone', async () => {
    const there = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog'); ${pets};
      ALTER TABLE pets ADD COLUMN kind enum_pets_kind NOT NULL DEFAULT 'cat'; CREATE INDEX pets_name ON pets (name)`;
    const { steps } = await planFor(there, (schema) => {
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
    const { steps } = await planFor(`${elsewhere}; ${pets}`, (schema) =>
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
      'an index of that name on another column',
      `${pets}; CREATE INDEX pets_name ON pets (id)`,
      (schema) => schema.addIndex('pets', ['name']),
      /index pets_name: expected btree \(name\), found btree \(id\)/,
    ],
    [
      'a table with another primary key and without a column',
      'CREATE TABLE pets (name text PRIMARY KEY)',
      (schema) => schema.createTable('pets', { id: { type: DataTypes.INTEGER, primaryKey: true } }),
      /column pets\.id: .*found no such column\n.*primary key \(id\), found primary key \(name\)/,
    ],
    [
      'a foreign key with other actions',
      `${pets}; CREATE TABLE toys (pet integer REFERENCES pets (id) ON DELETE CASCADE)`,
      (schema) =>
        schema.createTable('toys', {
          pet: { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } },
        }),
      /expected foreign key \(pet\) to pets \(id\) on update NO ACTION on delete NO ACTION, found .*on delete CASCADE/,
    ],
  ])('is refused by name: %s', async (_, sql, state, message) => {
    await expect(planFor(sql, state)).rejects.toThrow(message);
  });
});

describe('what is taken back', () => {
  it('goes with its enum type, unless another column uses that', async () => {
    const shared = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog'); ${pets};
      ALTER TABLE pets ADD COLUMN kind enum_pets_kind`;
    const remove = (schema: Schema) => schema.removeColumn('pets', 'kind', kind);
    expect(purposes(await planFor(shared, remove))).toEqual([
      'drop column pets.kind',
      'drop type enum_pets_kind',
    ]);
    const elsewhere = `${shared}; CREATE TABLE strays (kind enum_pets_kind[])`;
    expect(purposes(await planFor(elsewhere, remove))).toEqual(['drop column pets.kind']);
  });
});

it('the inverse of the inverse is what was stated', () => {
  const schema = new Schema();
  schema.createTable('pets', { id: { type: DataTypes.INTEGER } });
  schema.addColumn('pets', 'kind', kind);
  schema.changeColumn('pets', 'kind', kind);
  schema.addIndex('pets', ['kind']);
  expect(inverse(inverse(schema.intents))).toEqual(schema.intents);
});

it('a default that only Sequelize knows is refused, with what to write instead', async () => {
  const state = (schema: Schema) =>
    schema.addColumn('pets', 'born', { type: DataTypes.DATE, defaultValue: DataTypes.NOW });
  await expect(planFor(pets, state)).rejects.toThrow(/pets\.born: .*literal\('CURRENT_TIMESTAMP'\)/);
});
