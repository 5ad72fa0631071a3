import { DataTypes, literal } from 'sequelize';
import type { ColumnAttributes, Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// Columns of all kinds of types, in a table that is there and in a new one.

const migrations = useMigrations();

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text, price integer)';
const ROWS = "INSERT INTO pets SELECT n, 'n' || n, n FROM generate_series(1, 5) AS n";

const labels = DataTypes.ENUM('a', 'b');

describe.each<[string, ColumnAttributes, string]>([
  ['decimal', { type: DataTypes.DECIMAL(10, 2), defaultValue: 1.5 }, 'numeric(10,2) default 1.5'],
  ['date', { type: DataTypes.DATEONLY, defaultValue: '2026-01-02' }, "date default '2026-01-02'::date"],
  ['tsvector', { type: DataTypes.TSVECTOR }, 'tsvector'],
  ['a list as jsonb', { type: DataTypes.JSONB, defaultValue: [] }, "jsonb default '[]'::jsonb"],
  [
    'an empty array',
    { type: DataTypes.ARRAY(DataTypes.TEXT), defaultValue: [] },
    'text[] default ARRAY[]::text[]',
  ],
  [
    'numbers',
    { type: DataTypes.ARRAY(DataTypes.INTEGER), allowNull: false, defaultValue: [1, 2] },
    'integer[] not null default ARRAY[1, 2]',
  ],
  [
    'texts that need quotes, in arrays of arrays',
    { type: DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.TEXT)), defaultValue: [["it's", '{,}']] },
    "text[] default ARRAY[ARRAY['it''s'::text, '{,}'::text]]",
  ],
  [
    'labels',
    { type: DataTypes.ARRAY(labels), defaultValue: ['a'] },
    "enum_pets_added[] default ARRAY['a'::enum_pets_added]",
  ],
  [
    'identity',
    { type: DataTypes.BIGINT, autoIncrement: true, autoIncrementIdentity: true },
    'bigint not null',
  ],
  ['range', { type: DataTypes.RANGE(DataTypes.DATE) }, 'tstzrange'],
  ['network', { type: DataTypes.INET, defaultValue: '::1' }, "inet default '::1'::inet"],
  ['bytes', { type: DataTypes.BLOB }, 'bytea'],
  ['interval', { type: 'interval', defaultValue: '1 day' }, "interval default '1 day'::interval"],
])('%s', (_, attributes, expected) => {
  it('is added, removed and added again', async () => {
    const up = (schema: Schema) => schema.addColumn('pets', 'added', attributes);
    expect(await migrations.convergesThereAndBack(PETS, { name: 'one.js', up })).toContain(
      `pets added ${expected}`,
    );
  });

  it('is created with its table, dropped and created again', async () => {
    const id = { type: DataTypes.INTEGER, primaryKey: true };
    const up = (schema: Schema) => schema.createTable('pets', { id, added: attributes });
    expect(await migrations.convergesThereAndBack('', { name: 'one.js', up })).toContain(
      `pets added ${expected}`,
    );
  });
});

it('an array of labels gets one more, and one of them another name', async () => {
  const array = (...all: readonly string[]) => ({
    type: DataTypes.ARRAY(DataTypes.ENUM(...all)),
    defaultValue: ['a'],
  });
  const one = {
    name: 'one.js',
    up: (schema: Schema) => schema.addColumn('pets', 'kinds', array('a', 'b')),
  };
  const two = {
    name: 'two.js',
    up: (schema: Schema) => {
      schema.changeColumn('pets', 'kinds', array('a', 'x', 'b'));
      schema.renameEnumValue('pets', 'kinds', 'b', 'c');
    },
  };
  await migrations.reset(`${PETS}; ${ROWS}`);
  await migrations.up(one, two);
  const after = await migrations.schema();
  expect(after).toEqual(
    expect.arrayContaining([
      'enum_pets_kinds enum a,x,c',
      "pets kinds enum_pets_kinds[] default ARRAY['a'::enum_pets_kinds]",
    ]),
  );
  await migrations.down(two);
  await migrations.up(two);
  expect(await migrations.schema()).toEqual(after);
});

describe('a generated column', () => {
  const twice = (expression = 'price * 2'): ColumnAttributes => ({
    type: DataTypes.INTEGER,
    generatedAs: literal(expression),
  });
  const add = (attributes: ColumnAttributes) => ({
    name: 'one.js',
    up: (schema: Schema) => {
      schema.addColumn('pets', 'twice', attributes);
      schema.addIndex('pets', ['twice']);
    },
  });

  it('is added with its index where there are no rows, and is not there when it is undone', async () => {
    const after = await migrations.convergesThereAndBack(PETS, add(twice()));
    expect(after).toContain(`CREATE INDEX pets_twice ON ${SCHEMA}.pets USING btree (twice)`);
    await migrations.query("INSERT INTO pets VALUES (1, 'Rex', 21)");
    expect(await migrations.query('SELECT twice FROM pets')).toEqual([{ twice: 42 }]);
  });

  it('is found when it is there, also in a table with rows; with another expression it conflicts', async () => {
    await migrations.reset(`${PETS}; ${ROWS}; ALTER TABLE pets ADD twice integer GENERATED ALWAYS AS (price*2) STORED;
      CREATE INDEX pets_twice ON pets (twice)`);
    expect(await migrations.purposes(add(twice()))).toEqual([]);
    await expect(migrations.up(add(twice('price * 3')))).rejects.toThrow(
      /expected type integer generated as \(price \* 3\), found type integer generated as \(price \* 2\)/,
    );
  });

  it('is kept aside with its values in a table with rows, and restored without a rewrite', async () => {
    await migrations.reset(PETS);
    await migrations.up(add(twice()));
    await migrations.query(ROWS);
    const before = await migrations.schema();
    await migrations.down(add(twice()));
    await migrations.up(add(twice()));
    expect(await migrations.schema()).toEqual(before);
  });
});

describe('what would write every row of a table is refused with what to write instead', () => {
  const instead = async (attributes: ColumnAttributes) => {
    const up = (schema: Schema) => schema.addColumn('pets', 'added', attributes);
    return migrations.refusal(`${PETS}; ${ROWS}`, { name: 'one.js', up });
  };

  it('a generated column', async () => {
    const refusal = await instead({ type: DataTypes.INTEGER, generatedAs: literal('price * 2') });
    expect(refusal).toContain("schema.addColumn('pets', 'added', { type: 'integer' });");
    expect(refusal).toContain('CREATE OR REPLACE TRIGGER');
    expect(refusal).toContain('schema.bulkUpdate(\'pets\', { "added": literal("(price * 2)") }');
  });

  it.each([{}, { autoIncrementIdentity: true }])('a sequence, as %j', async (rest) => {
    const refusal = await instead({ type: DataTypes.BIGINT, autoIncrement: true, ...rest });
    const [, sql = '', down = ''] = /schema[.]sql\(\{ up: (".*"), down: (".*") \}\)/.exec(refusal) ?? [];
    const [, value = ''] = /defaultValue: literal\((".*")\)/.exec(refusal) ?? [];
    const [up, undo, expression] = [sql, down, value].map((text) => String(JSON.parse(text)));
    const type = DataTypes.BIGINT;
    const one = {
      name: 'one.js',
      up: (schema: Schema) => schema.sql({ up: up ?? '', down: undo ?? '' }),
    };
    const two = {
      name: 'two.js',
      up: (schema: Schema) =>
        schema.addColumn('pets', 'added', {
          type,
          allowNull: false,
          defaultValue: literal(expression ?? ''),
        }),
    };
    await migrations.up(one, two);
    expect(await migrations.query('SELECT count(DISTINCT added) FROM pets')).toEqual([{ count: '5' }]);
  });
});

it('an extension that is missing is named, with what creates it', async () => {
  const up = (schema: Schema) => schema.addColumn('pets', 'mail', { type: DataTypes.CITEXT });
  expect(await migrations.refusal(PETS, { name: 'one.js', up })).toMatch(
    /type "citext" does not exist.*schema[.]sql\(\{ up: 'CREATE EXTENSION IF NOT EXISTS citext'/,
  );
});
