import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';

const planner = usePlanner();

const pets = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const toys = (schema: Schema) =>
  schema.createTable('toys', {
    id: { type: DataTypes.INTEGER, primaryKey: true },
    pet: { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } },
  });
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };

/** What a concurrent build that was cut short leaves behind. */
const INVALID_INDEX = `CREATE INDEX pets_name ON pets (name);
  UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_name'::regclass`;
const addIndex = (schema: Schema) => schema.addIndex('pets', ['name']);
const rows = 'INSERT INTO pets SELECT n, nullif(n % 3, 0)::text FROM generate_series(1, 12000) AS n';
const name = { type: DataTypes.TEXT, allowNull: false, defaultValue: 'Rex' };
const notNullSteps = [
  'fill the nulls of pets.name',
  'add the NOT NULL check of pets.name, NOT VALID',
  'fill the nulls of pets.name',
  'validate the NOT NULL check of pets.name',
  'set not null pets.name',
  'drop the NOT NULL check of pets.name',
];
const addName = (schema: Schema) => schema.addColumn('pets', 'name', name);

describe('what is there and harmlessly different', () => {
  it.each<[string, string, (schema: Schema) => void, string[]]>([
    [
      'another default',
      `${pets}; ALTER TABLE pets ALTER name SET NOT NULL`,
      addName,
      ['set the default of pets.name'],
    ],
    [
      'a default where none is wanted',
      `${pets}; ALTER TABLE pets ALTER name SET DEFAULT 'Rex'`,
      (schema) => schema.addColumn('pets', 'name', { type: DataTypes.TEXT }),
      ['drop the default of pets.name'],
    ],
    [
      'not null where nulls are wanted',
      `${pets}; ALTER TABLE pets ALTER name SET NOT NULL`,
      (schema) => schema.addColumn('pets', 'name', { type: DataTypes.TEXT }),
      ['drop not null of pets.name'],
    ],
    [
      'nullable, in an empty table',
      pets,
      addName,
      ['set the default of pets.name', 'set not null pets.name'],
    ],
    [
      'nullable, with nulls that the default fills',
      `${pets}; ${rows}`,
      addName,
      ['set the default of pets.name', ...notNullSteps],
    ],
    [
      'nullable, without a null and without a default',
      `${pets}; INSERT INTO pets VALUES (1, 'Rex')`,
      (schema) => schema.addColumn('pets', 'name', { type: DataTypes.TEXT, allowNull: false }),
      notNullSteps.filter((purpose) => !purpose.startsWith('fill')),
    ],
    [
      'half-way to not null, where a run was cut short',
      `${pets}; ${rows}; ALTER TABLE pets ALTER name SET DEFAULT 'Rex',
        ADD CONSTRAINT pets_name_no_nulls CHECK (name IS NOT NULL) NOT VALID`,
      addName,
      ['drop the NOT NULL check of pets.name', ...notNullSteps],
    ],
    [
      'an index that a failed build left invalid',
      `${pets}; ${INVALID_INDEX}`,
      addIndex,
      ['drop index pets_name', 'create index pets_name'],
    ],
    [
      'a foreign key with other actions',
      `${pets}; CREATE TABLE toys (id integer PRIMARY KEY, pet integer CONSTRAINT toys_pet_fkey REFERENCES pets (id) ON DELETE CASCADE)`,
      toys,
      [
        'add foreign key toys_pet_fkey_new',
        'validate foreign key toys_pet_fkey_new',
        'drop foreign key toys_pet_fkey, which acts otherwise',
        'rename foreign key toys_pet_fkey_new',
      ],
    ],
    [
      'a foreign key that is not validated and has another name',
      `${pets}; CREATE TABLE toys (id integer PRIMARY KEY, pet integer);
        ALTER TABLE toys ADD CONSTRAINT hand_made FOREIGN KEY (pet) REFERENCES pets (id) NOT VALID`,
      toys,
      ['validate foreign key hand_made', 'rename foreign key hand_made'],
    ],
    [
      'no foreign key, and a missing column',
      `${pets}; CREATE TABLE toys (id integer PRIMARY KEY)`,
      toys,
      ['add column toys.pet', 'add foreign key toys_pet_fkey', 'validate foreign key toys_pet_fkey'],
    ],
  ])('is reconciled: %s', async (_, sql, state, expected) => {
    expect(await planner.converge(sql, state)).toEqual(expected);
  });

  it('adds a column whose default is another for each row without rewriting the table', async () => {
    const tag = { type: DataTypes.UUID, defaultValue: literal('gen_random_uuid()') };
    const nullable = await planner.converge(`${pets}; ${rows}`, (schema) =>
      schema.addColumn('pets', 'tag', tag),
    );
    expect(nullable).toEqual([
      'add column pets.tag',
      'set the default of pets.tag',
      'fill the nulls of pets.tag',
    ]);
    await planner.converge(`${pets}; ${rows}`, (schema) =>
      schema.addColumn('pets', 'tag', { ...tag, allowNull: false }),
    );
    expect(await planner.database.query('SELECT count(DISTINCT tag)::int FROM pets')).toEqual([
      { count: 12000 },
    ]);
    expect(await schemaOf(planner.database)).toContain('pets tag uuid not null default gen_random_uuid()');
  });

  it('fills nulls in batches with what the migration says, and where that is null with the default', async () => {
    await planner.converge(`${pets}; ${rows}`, (schema) => {
      schema.addColumn('pets', 'name', { ...name, backfill: literal("CASE WHEN id % 2 = 0 THEN 'Bo' END") });
    });
    expect(
      await planner.database.query('SELECT name, count(*)::int FROM pets GROUP BY name ORDER BY name'),
    ).toEqual([
      { name: '1', count: 4000 },
      { name: '2', count: 4000 },
      { name: 'Bo', count: 2000 },
      { name: 'Rex', count: 2000 },
    ]);
  });

  it('is told from what is extra, which is left: columns, indexes, checks, views', async () => {
    const extra = `${pets}; CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
      ALTER TABLE pets ADD COLUMN kind enum_pets_kind, ADD COLUMN age integer CHECK (age > 0);
      CREATE INDEX by_age ON pets (age); CREATE VIEW cats AS SELECT * FROM pets WHERE kind = 'cat'`;
    expect(await planner.converge(extra, (schema) => schema.addColumn('pets', 'kind', kind))).toEqual([
      'set the default of pets.kind',
      'set not null pets.kind',
    ]);
    expect(await schemaOf(planner.database)).toEqual(
      expect.arrayContaining(['pets age integer', `CREATE INDEX by_age ON ${SCHEMA}.pets USING btree (age)`]),
    );
  });
});

describe('a table that lacks some of its columns gets each of them, and what comes after it is planned on that:', () => {
  const lacking = 'CREATE TABLE pets (id integer PRIMARY KEY, age integer); INSERT INTO pets VALUES (1, 1)';
  const integer = { type: DataTypes.INTEGER };
  const createPets = (schema: Schema) =>
    schema.createTable('pets', {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      age: integer,
      name: { type: DataTypes.TEXT },
      weight: { ...integer, allowNull: false, defaultValue: 1 },
    });
  const added = ['add column pets.name', 'add column pets.weight'];

  it('the table alone', async () => {
    expect(await planner.converge(lacking, createPets)).toEqual(added);
  });

  it('a column that it has, and one that it gets', async () => {
    const purposes = await planner.converge(lacking, (schema) => {
      createPets(schema);
      schema.addIndex('pets', ['name']);
      schema.addColumn('pets', 'age', integer);
      schema.addColumn('pets', 'name', { type: DataTypes.TEXT });
    });
    expect(purposes).toEqual([...added, 'create index pets_name']);
  });

  it('one column', async () => {
    const purposes = await planner.converge(`${lacking}; ALTER TABLE pets ADD name text`, (schema) => {
      createPets(schema);
      schema.addColumn('pets', 'name', { type: DataTypes.TEXT });
    });
    expect(purposes).toEqual(['add column pets.weight']);
  });
});
