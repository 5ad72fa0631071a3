import { DataTypes } from 'sequelize';
import type { ColumnAttributes, Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// A database that is ahead of a migration, because of a later one or of a newer application, does not conflict with it.

const migrations = useMigrations();

const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };

/** A table with a column of a type, and a row. */
function petsWith(type: string, value: string, before = ''): string {
  return `${before}; CREATE TABLE pets (id integer PRIMARY KEY, it ${type}); INSERT INTO pets VALUES (1, ${value})`;
}

const addIt = (attributes: ColumnAttributes) => ({
  name: 'one.js',
  up: (schema: Schema) => schema.addColumn('pets', 'it', attributes),
});
const createWith = (attributes: ColumnAttributes) => ({
  name: 'one.js',
  up: (schema: Schema) => {
    const id = { type: DataTypes.INTEGER, primaryKey: true };
    schema.createTable('pets', { id, it: attributes });
  },
});

const enumOf = (...labels: readonly string[]) =>
  `CREATE TYPE enum_pets_it AS ENUM (${labels.map((label) => `'${label}'`).join(', ')})`;

describe('what can hold all that is declared is left as it is', () => {
  it.each<[string, string, ColumnAttributes['type']]>([
    ['a longer varchar', petsWith('varchar(300)', "'x'"), DataTypes.STRING],
    ['a varchar without a length', petsWith('varchar', "'x'"), DataTypes.STRING(20)],
    ['text for a varchar', petsWith('text', "'x'"), DataTypes.STRING(20)],
    ['text for a varchar without a length', petsWith('text', "'x'"), 'varchar'],
    ['bigint for integer', petsWith('bigint', '5000000000'), DataTypes.INTEGER],
    ['bigint for smallint', petsWith('bigint', '1'), DataTypes.SMALLINT],
    ['integer for smallint', petsWith('integer', '1'), DataTypes.SMALLINT],
    ['a label more at the end', petsWith('enum_pets_it', "'owl'", enumOf('cat', 'dog', 'owl')), kind.type],
    ['one in the middle', petsWith('enum_pets_it', "'owl'", enumOf('cat', 'owl', 'dog')), kind.type],
    [
      'some everywhere',
      petsWith('enum_pets_it', "'owl'", enumOf('ant', 'cat', 'owl', 'dog', 'yak')),
      kind.type,
    ],
  ])('%s', async (_, sql, type) => {
    for (const one of [addIt({ type }), createWith({ type })]) {
      await migrations.reset(sql);
      const before = await migrations.schema();
      expect(await migrations.purposes(one)).toEqual([]);
      await migrations.up(one);
      expect(await migrations.schema()).toEqual(before);
    }
  });
});

describe('what cannot is refused, with what was expected and what was found', () => {
  it.each<[string, string, ColumnAttributes['type'], RegExp]>([
    [
      'a shorter varchar',
      petsWith('varchar(10)', "'x'"),
      DataTypes.STRING(20),
      /varying\(20\), found .*\(10\)/,
    ],
    ['one with a length for none', petsWith('varchar(10)', "'x'"), 'varchar', /varying, found .*\(10\)/],
    [
      'a varchar for text',
      petsWith('varchar(300)', "'x'"),
      DataTypes.TEXT,
      /text, found type character varying\(300\)/,
    ],
    ['char for varchar', petsWith('char(300)', "'x'"), DataTypes.STRING, /found type character\(300\)/],
    ['integer for bigint', petsWith('integer', '1'), DataTypes.BIGINT, /type bigint, found type integer/],
    ['numeric for integer', petsWith('numeric', '1'), DataTypes.INTEGER, /type integer, found type numeric/],
    ['text for an integer', petsWith('text', "'1'"), DataTypes.INTEGER, /type integer, found type text/],
    ['json for jsonb', petsWith('json', "'{}'"), DataTypes.JSONB, /type jsonb, found type json/],
    [
      'a timestamp of another kind',
      petsWith('timestamp', 'now()'),
      DataTypes.DATE,
      /found type timestamp without/,
    ],
    ['a float for a double', petsWith('real', '1'), DataTypes.DOUBLE, /found type real/],
    ['text for an enum', petsWith('text', "'cat'"), kind.type, /type enum_pets_it, found type text/],
    [
      'a label less',
      petsWith('enum_pets_it', "'cat'", enumOf('cat')),
      kind.type,
      /expected cat, dog, found cat/,
    ],
    ['another order', petsWith('enum_pets_it', "'cat'", enumOf('dog', 'cat')), kind.type, /found dog, cat/],
    ['another label', petsWith('enum_pets_it', "'cat'", enumOf('cat', 'Dog')), kind.type, /found cat, Dog/],
    [
      'an array for one',
      petsWith('integer[]', "'{}'"),
      DataTypes.INTEGER,
      /type integer, found type integer\[\]/,
    ],
  ])('%s', async (_, sql, type, message) => {
    for (const one of [addIt({ type }), createWith({ type })]) {
      expect(await migrations.refusal(sql, one)).toMatch(message);
    }
  });
});

describe('a label that was added since', () => {
  it.each([
    ['undone and done again, with the rows that have it', "'owl'"],
    ['undone and done again, where no row has it', "'dog'"],
  ])('does not stop the migration that declares the first ones from being %s', async (_, value) => {
    const add = { name: 'one.js', up: (schema: Schema) => schema.addColumn('pets', 'kind', kind) };
    await migrations.reset('CREATE TABLE pets (id integer PRIMARY KEY); INSERT INTO pets VALUES (1)');
    await migrations.up(add);
    await migrations.query("ALTER TYPE enum_pets_kind ADD VALUE 'owl' AFTER 'cat'");
    await migrations.query(`UPDATE pets SET kind = ${value}`);
    const [schema, rows] = [await migrations.schema(), await migrations.query('SELECT * FROM pets')];
    await migrations.down(add);
    await migrations.up(add);
    expect(await migrations.schema()).toEqual(schema);
    expect(await migrations.query('SELECT * FROM pets')).toEqual(rows);
  });

  it("does not stop what a newer application's sync() has left half-way: its type, and no column", async () => {
    await migrations.reset(
      "CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog', 'owl'); CREATE TABLE pets (id integer PRIMARY KEY)",
    );
    await migrations.up({ name: 'one.js', up: (schema) => schema.addColumn('pets', 'kind', kind) });
    expect(await migrations.schema()).toEqual(
      expect.arrayContaining([
        'enum_pets_kind enum cat,dog,owl',
        "pets kind enum_pets_kind not null default 'cat'::enum_pets_kind",
      ]),
    );
  });

  it('does not hide that one is missing, also in a new table', async () => {
    const sql = "CREATE TYPE enum_pets_kind AS ENUM ('owl', 'cat')";
    const up = (schema: Schema) => schema.createTable('pets', { kind });
    expect(await migrations.refusal(sql, { name: 'one.js', up })).toMatch(
      /enum type enum_pets_kind: expected cat, dog, found owl, cat/,
    );
  });
});
