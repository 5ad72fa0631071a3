import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// What has no effect is said, and what PostgreSQL does not accept is refused.

const migrations = useMigrations();

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer)';
const ROWS = "INSERT INTO pets VALUES (1, 'Rex', 1)";

const integer = { type: DataTypes.INTEGER };

/** Something that would be done first. */
const first = (schema: Schema) => schema.addIndex('pets', ['id', 'name']);

describe('a changeColumn that has no effect on a foreign key', () => {
  const KEY =
    'CREATE TABLE owners (id integer PRIMARY KEY); ALTER TABLE pets ADD FOREIGN KEY (age) REFERENCES owners';

  it.each<[string, (schema: Schema) => void, string[]]>([
    ['says which it keeps', (schema) => schema.changeColumn('pets', 'age', integer), ['pets_age_fkey']],
    [
      'says nothing where it declares the key',
      (schema) =>
        schema.changeColumn('pets', 'age', { ...integer, references: { model: 'owners', key: 'id' } }),
      [],
    ],
    [
      'says nothing of other columns',
      (schema) => schema.changeColumn('pets', 'id', { ...integer, allowNull: false }),
      [],
    ],
  ])('%s', async (_, up, keys) => {
    await migrations.reset(`${PETS}; ${KEY}`);
    const before = await migrations.schema();
    await migrations.up({ name: 'one.js', up });
    expect(await migrations.schema()).toEqual(before);
    expect(migrations.lines).toEqual(
      keys.map((key) => `column pets.age keeps its foreign key ${key}: changeColumn removes none`),
    );
  });

  it('is refused where the column is not there', async () => {
    const up = (schema: Schema) => schema.changeColumn('pets', 'owner', integer);
    expect(await migrations.refusal(PETS, { name: 'one.js', up })).toMatch(
      /column pets\.owner: expected that it is there, found no such column/,
    );
  });
});

describe("what PostgreSQL does not accept is refused in the server's own words first", () => {
  it.each<[string, (schema: Schema) => void, RegExp]>([
    [
      'CITEXT',
      (schema) => schema.addColumn('pets', 'a', { type: DataTypes.CITEXT }),
      /type "citext" does not exist/,
    ],
    ['a type', (schema) => schema.addColumn('pets', 'a', { type: 'pony' }), /type "pony" does not exist/],
    [
      'an array of a type',
      (schema) => schema.addColumn('pets', 'a', { type: 'pony[]' }),
      /type "pony\[\]" does not exist/,
    ],
    [
      'a type of a new table',
      (schema) =>
        schema.createTable('toys', { id: { ...integer, primaryKey: true }, a: { type: DataTypes.CITEXT } }),
      /type "citext" does not exist/,
    ],
    [
      'a default',
      (schema) => schema.addColumn('pets', 'a', { ...integer, defaultValue: 'one' }),
      /invalid input syntax for type integer: "one"/,
    ],
    [
      'a function',
      (schema) => schema.addColumn('pets', 'a', { ...integer, defaultValue: literal('nope()') }),
      /function nope\(\) does not exist/,
    ],
    [
      'an index',
      (schema) => schema.addIndex('pets', ['age'], { using: 'gin' }),
      /data type integer has no default operator class for access method "gin"/,
    ],
    [
      'an operator class',
      (schema) => schema.addIndex('pets', ['age'], { operator: 'no_ops' }),
      /operator class "no_ops" does not exist/,
    ],
    [
      'a check',
      (schema) => schema.addConstraint('pets', { type: 'check', name: 'c', where: { title: 1 } }),
      /column "title" does not exist/,
    ],
    [
      'a foreign key',
      (schema) =>
        schema.addColumn('pets', 'a', { type: DataTypes.TEXT, references: { model: 'pets', key: 'id' } }),
      /foreign key constraint "pets_a_fkey" cannot be implemented/,
    ],
  ])('%s', async (_, change, message) => {
    const up = (schema: Schema) => {
      first(schema);
      change(schema);
    };
    const refusal = await migrations.refusal(`${PETS}; ${ROWS}`, { name: 'one.js', up });
    expect(refusal.replace('Error: ', '')).toMatch(new RegExp(`^(${message.source})`));
    expect(refusal).toMatch(
      /PostgreSQL does not accept what one\.js declares\. Nothing of this migration was done/,
    );
  });
});
