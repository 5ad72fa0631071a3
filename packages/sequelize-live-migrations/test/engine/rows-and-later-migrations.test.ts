import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// A migration that changes rows is undone and done again, after later ones have renamed or removed what it names.

const migrations = useMigrations();

const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer, kind enum_pets_kind, kinds text[]);
  INSERT INTO pets VALUES (1, 'Rex', 1, 'dog'), (2, 'Bo', 2, 'dog'), (3, 'Tom', 3, 'cat')`;

type Up = (schema: Schema) => void;

const both = (schema: Schema) =>
  schema.bulkUpdate('pets', { kind: 'cat', kinds: ['cat', 'dog'] }, { age: [1, 2] });
const bySql = (schema: Schema) =>
  schema.bulkUpdate('pets', { age: 9 }, literal("name = 'Rex' AND kind = 'dog'"));
const byFunction = (schema: Schema) =>
  schema.bulkUpdate('pets', { age: 9 }, literal("nullif('dog', kind) IS NULL"));

const deletion = (schema: Schema) => schema.bulkDelete('pets', { name: 'Rex' });

it.each<[string, Up, Up, string, readonly unknown[]]>([
  [
    'what a deletion names has another name',
    deletion,
    (schema) => schema.renameColumn('pets', 'name', 'title'),
    'SELECT title FROM pets ORDER BY id',
    [{ title: 'Bo' }, { title: 'Tom' }],
  ],
  [
    'a column has another name',
    both,
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    'SELECT kinds::text FROM pets ORDER BY id',
    [{ kinds: '{cat,dog}' }, { kinds: '{cat,dog}' }, { kinds: null }],
  ],
  [
    'a column has another name in SQL',
    bySql,
    (schema) => schema.renameColumn('pets', 'name', 'title'),
    'SELECT age FROM pets ORDER BY id',
    [{ age: 9 }, { age: 2 }, { age: 3 }],
  ],
  [
    'a label has another name in SQL',
    bySql,
    (schema) => schema.renameEnumValue('pets', 'kind', 'dog', 'hound'),
    'SELECT age FROM pets ORDER BY id',
    [{ age: 9 }, { age: 2 }, { age: 3 }],
  ],
  [
    'the table and a label have other names',
    both,
    (schema) => {
      schema.renameTable('pets', 'animals');
      schema.renameEnumValue('animals', 'kind', 'cat', 'lion');
      schema.renameColumn('animals', 'kind', 'sort');
    },
    'SELECT sort FROM animals ORDER BY id',
    [{ sort: 'lion' }, { sort: 'lion' }, { sort: 'lion' }],
  ],
  [
    'a column that gets a value is removed: the others get theirs',
    both,
    (schema) => schema.removeColumn('pets', 'kind', { type: 'enum_pets_kind' }),
    'SELECT kinds::text FROM pets WHERE age < 3 ORDER BY id',
    [{ kinds: '{cat,dog}' }, { kinds: '{cat,dog}' }],
  ],
])('where %s', async (_, up, later, select, rows) => {
  await migrations.reset(PETS);
  const two = { name: 'two.js', up: later };
  await migrations.up(two);
  await migrations.upBefore({ name: 'one.js', up }, two);
  expect(await migrations.query(select)).toEqual(rows);
});

it.each<[string, Up, Up]>([
  [
    'a column of the condition',
    both,
    (schema) => schema.removeColumn('pets', 'age', { type: DataTypes.INTEGER }),
  ],
  [
    'the table',
    both,
    (schema) => schema.dropTable('pets', { id: { type: DataTypes.INTEGER, primaryKey: true } }),
  ],
  [
    'a label in SQL that does not compare it',
    byFunction,
    (schema) => schema.renameEnumValue('pets', 'kind', 'dog', 'hound'),
  ],
  [
    'a column of a deletion',
    deletion,
    (schema) => schema.removeColumn('pets', 'name', { type: DataTypes.TEXT }),
  ],
  ['what gets a value', bySql, (schema) => schema.removeColumn('pets', 'age', { type: DataTypes.INTEGER })],
])(
  'where %s is not there any more, the rest of the migration is done, and that is said',
  async (_, up, later) => {
    await migrations.reset(PETS);
    const two = { name: 'two.js', up: later };
    const one = {
      name: 'one.js',
      up: (schema: Schema) => {
        schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true } });
        up(schema);
      },
    };
    await migrations.up(two);
    await migrations.upBefore(one, two);
    expect(migrations.lines.at(-1)).toMatch(
      /rows of pets are not (updated|deleted).*a later migration, which has run/,
    );
    expect(await migrations.schema()).toContain('toys id integer not null');
  },
);

it('but a mistake of its own is refused', async () => {
  await migrations.reset(PETS);
  const two = { name: 'two.js', up: (schema: Schema) => schema.renameColumn('pets', 'name', 'title') };
  await migrations.up(two);
  const one = {
    name: 'one.js',
    up: (schema: Schema) => schema.bulkUpdate('pets', { age: 1 }, literal('nome = 1')),
  };
  await expect(migrations.upBefore(one, two)).rejects.toThrow(/column "nome" does not exist/);
});
