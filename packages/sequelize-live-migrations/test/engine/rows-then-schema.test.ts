import { DataTypes, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// What a migration asks of the rows that it has changed itself is not known before: it is asked when its turn has come.

const migrations = useMigrations();

const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE ages (years integer PRIMARY KEY); INSERT INTO ages VALUES (1), (2);
  CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer, kind enum_pets_kind);
  INSERT INTO pets SELECT n, CASE n % 3 WHEN 0 THEN NULL ELSE 'n' || n / 2 END, n % 4, 'cat' FROM generate_series(1, 2000) AS n`;
const integer = { type: DataTypes.INTEGER };

type Up = (schema: Schema) => void;

const CHANGES: readonly [string, Up, Up, RegExp][] = [
  [
    'NOT NULL',
    (schema) => schema.bulkUpdate('pets', { name: literal("'x' || id") }, { name: null }),
    (schema) => schema.changeColumn('pets', 'name', { type: DataTypes.TEXT, allowNull: false }),
    /pets\.name: expected not null, found nulls/,
  ],
  [
    'a check',
    (schema) => schema.bulkUpdate('pets', { age: 5 }, { age: { [Op.lt]: 3 } }),
    (schema) => schema.addConstraint('pets', { type: 'check', name: 'old', where: literal('age > 2') }),
    /constraint old of table pets: .*rows that violate it/,
  ],
  [
    'a unique constraint',
    (schema) => schema.bulkUpdate('pets', { name: literal("'x' || id") }, literal("name NOT LIKE 'x%'")),
    (schema) => schema.addConstraint('pets', { type: 'unique', fields: ['name'] }),
    /index pets_name_uk: .*rows with the same values/,
  ],
  [
    'a unique index',
    (schema) => schema.bulkUpdate('pets', { name: literal("'x' || id") }, literal("name NOT LIKE 'x%'")),
    (schema) => schema.addIndex('pets', ['name'], { unique: true }),
    /index pets_name: .*rows with the same values/,
  ],
  [
    'a foreign key',
    (schema) => schema.bulkUpdate('pets', { age: 2 }, { age: [0, 3] }),
    (schema) =>
      schema.changeColumn('pets', 'age', { ...integer, references: { model: 'ages', key: 'years' } }),
    /table pets: expected foreign key .*orphaned rows/,
  ],
  [
    'another name, a new one and a check of that',
    (schema) => schema.bulkUpdate('pets', { age: 5 }, { age: { [Op.lt]: 3 } }),
    (schema) => {
      schema.renameTable('pets', 'animals');
      schema.renameColumn('animals', 'age', 'years');
      schema.addConstraint('animals', { type: 'check', name: 'old', where: { years: { [Op.gt]: 2 } } });
    },
    /constraint old of table animals: .*rows that violate it: SELECT \* FROM "animals"/,
  ],
];

it.each(CHANGES)(
  '%s that stands on rows which the migration has corrected before',
  async (_, fix, change) => {
    const both = (schema: Schema) => {
      fix(schema);
      change(schema);
    };
    await migrations.reset(PETS);
    const one = { name: 'one.js', up: both };
    await migrations.up(one);
    const after = await migrations.schema();
    expect(await migrations.purposes(one)).toEqual([]);
    await migrations.down(one);
    await migrations.up(one);
    expect(await migrations.schema()).toEqual(after);
    // Also where they are migrations of their own, which db:plan prints together.
    await migrations.reset(PETS);
    const planned = await migrations.plan({ name: 'a.js', up: fix }, { name: 'b.js', up: change });
    expect(planned.map(({ plan }) => plan.steps.length > 0)).toEqual([true, true]);
  },
);

it.each(CHANGES)(
  '%s fails at its step, with the query, where rows are left',
  async (_, __, change, message) => {
    await migrations.reset(PETS);
    const one = {
      name: 'one.js',
      up: (schema: Schema) => {
        schema.bulkUpdate('pets', { kind: 'dog' }, { id: [1, 2] });
        change(schema);
      },
    };
    const error = String(await migrations.up(one).catch((reason: unknown) => reason));
    expect(error).toMatch(message);
    expect(error).toMatch(
      /^Error: .* Could not look for rows of .*The steps before it are done and do no harm/,
    );
    const query = /(SELECT [^;]*);/.exec(error)?.[1] ?? '';
    expect((await migrations.query(query)).length).toBeGreaterThan(0);
    const invalid = 'SELECT FROM pg_index WHERE NOT indisvalid';
    const notValid = 'SELECT FROM pg_constraint WHERE NOT convalidated';
    expect(await migrations.query(`${invalid} UNION ALL ${notValid}`)).toEqual([]);
  },
);

it('labels that are added or get another name before can be written', async () => {
  const kind = { type: DataTypes.ENUM('cat', 'dog', 'cow') };
  const up = (schema: Schema) => {
    schema.changeColumn('pets', 'kind', kind);
    schema.bulkUpdate('pets', { kind: 'cow' }, { age: 1 });
    schema.renameEnumValue('pets', 'kind', 'cat', 'lion');
    schema.bulkUpdate('pets', { kind: 'dog' }, { kind: 'lion', age: 2 });
    schema.addIndex('pets', ['kind'], { where: { kind: 'lion' } });
  };
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  const kinds = await migrations.query('SELECT kind, count(*)::int FROM pets GROUP BY kind ORDER BY kind');
  expect(kinds).toEqual([
    { kind: 'lion', count: 1000 },
    { kind: 'dog', count: 500 },
    { kind: 'cow', count: 500 },
  ]);
  expect(await migrations.purposes({ name: 'one.js', up })).toEqual([]);
});

it('a column that the migration adds is filled, by what another table says', async () => {
  const up = (schema: Schema) => {
    schema.addColumn('pets', 'years', { ...integer });
    schema.bulkUpdate(
      'pets',
      { years: literal('(SELECT max(years) FROM ages)') },
      literal('age IN (SELECT years FROM ages)'),
    );
    schema.addIndex('pets', ['years']);
  };
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  expect(
    await migrations.query('SELECT years, count(*)::int FROM pets GROUP BY years ORDER BY years'),
  ).toEqual([
    { years: 2, count: 1000 },
    { years: null, count: 1000 },
  ]);
});
