import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { CHILDREN, column, constraint, index } from '../support/foreign-key-needs';
import { useMigrations } from '../support/migrations';

const migrations = useMigrations();

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text, "bornAt" timestamptz)';
const ROWS = `INSERT INTO pets SELECT n, 'n' || n FROM generate_series(1, 5) AS n`;
const integer = { type: DataTypes.INTEGER };

type Up = (schema: Schema) => void;

const byName: Up = (schema) =>
  schema.addConstraint('pets', { type: 'unique', fields: ['name', 'bornAt'], name: 'once' });

describe.each([
  ['without rows', PETS],
  ['with rows', `${PETS}; ${ROWS}`],
])('on a table %s', (_, sql) => {
  it.each<[string, Up, string]>([
    ['of some columns', byName, 'pets once UNIQUE (name, "bornAt")'],
    [
      'named as Sequelize does',
      (schema) => schema.addConstraint('pets', { type: 'unique', fields: ['bornAt'] }),
      'pets pets_bornAt_uk UNIQUE ("bornAt")',
    ],
    [
      'of a column that is there',
      (schema) => schema.changeColumn('pets', 'name', { type: DataTypes.TEXT, unique: true }),
      'pets pets_name_key UNIQUE (name)',
    ],
    [
      'of a column of a new table',
      (schema) =>
        schema.createTable('toys', {
          id: { ...integer, primaryKey: true },
          code: { ...integer, unique: true },
        }),
      'toys toys_code_key UNIQUE (code)',
    ],
    [
      'of a column that gets another name',
      (schema) => {
        byName(schema);
        schema.renameColumn('pets', 'name', 'title');
      },
      'pets once UNIQUE (title, "bornAt")',
    ],
  ])('a unique constraint is added, taken away and added again: %s', async (__, up, line) => {
    expect(await migrations.thereAndBack(sql, { name: 'one.js', up })).toContain(line);
    expect(await migrations.purposes({ name: 'one.js', up })).toEqual([]);
  });
});

it('a new column may be unique, and is taken away with its constraint', async () => {
  const up: Up = (schema) => schema.addColumn('pets', 'chip', { ...integer, unique: true });
  expect(await migrations.convergesThereAndBack(PETS, { name: 'one.js', up })).toContain(
    'pets pets_chip_key UNIQUE (chip)',
  );
});

it('the index is built concurrently on a table with rows, and then made into the constraint', async () => {
  await migrations.reset(`${PETS}; ${ROWS}`);
  expect(await migrations.purposes({ name: 'one.js', up: byName })).toEqual([
    'create index once',
    'add constraint once',
  ]);
});

it.each([
  ['valid', '', ['add constraint once']],
  [
    'invalid',
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'once'::regclass",
    ['drop index once', 'create index once', 'add constraint once'],
  ],
])('what a run that was cut short has built is made use of: %s', async (_, sql, expected) => {
  await migrations.reset(`${PETS}; ${ROWS}; CREATE UNIQUE INDEX once ON pets (name, "bornAt"); ${sql}`);
  expect(await migrations.purposes({ name: 'one.js', up: byName })).toEqual(expected);
  await migrations.up({ name: 'one.js', up: byName });
  expect(await migrations.schema()).toContain('pets once UNIQUE (name, "bornAt")');
});

it('equal rows are refused before anything is done, with the query that lists them', async () => {
  const up: Up = (schema) => {
    schema.addColumn('pets', 'age', integer);
    schema.addConstraint('pets', { type: 'unique', fields: ['name'], name: 'once' });
  };
  const sql = `${PETS}; ${ROWS}; INSERT INTO pets VALUES (6, 'n1', NULL)`;
  const refusal = await migrations.refusal(sql, { name: 'one.js', up });
  const [, query = ''] = /found rows with the same values: (.*);\n/.exec(refusal) ?? [];
  expect(await migrations.query(query)).toEqual([{ name: 'n1', count: '2' }]);
});

it('a constraint of that name on other columns is refused', async () => {
  const sql = `${PETS}; ALTER TABLE pets ADD CONSTRAINT once UNIQUE (name)`;
  expect(await migrations.refusal(sql, { name: 'one.js', up: byName })).toContain(
    'constraint once of table pets: expected UNIQUE (name, "bornAt"), found UNIQUE (name)',
  );
});

it('a unique column with rows is kept aside with its constraint, and restored with it', async () => {
  const up: Up = (schema) => schema.addColumn('pets', 'chip', { ...integer, unique: true });
  await migrations.reset(`${PETS}; ${ROWS}`);
  await migrations.up({ name: 'one.js', up });
  await migrations.query('UPDATE pets SET chip = id');
  const [schema, rows] = [
    await migrations.schema(),
    await migrations.query('SELECT * FROM pets ORDER BY id'),
  ];
  await migrations.down({ name: 'one.js', up });
  await migrations.up({ name: 'one.js', up });
  expect(await migrations.schema()).toEqual(schema);
  expect(await migrations.query('SELECT * FROM pets ORDER BY id')).toEqual(rows);
});

it.each<[string, Up, RegExp]>([
  [
    'no columns',
    (schema) => schema.addConstraint('pets', { type: 'unique', fields: [] }),
    /addConstraint of pets: the columns are expected as an array/,
  ],
  [
    'a condition, which only a check and an index have',
    (schema) => {
      const options = { type: 'unique', fields: ['name'], where: literal('id > 1') } as const;
      schema.addConstraint('pets', options);
    },
    /addConstraint of pets: where cannot be declared/,
  ],
])('what is not known of a unique constraint is an error by name: %s', async (_, up, message) => {
  expect(await migrations.refusal(PETS, { name: 'one.js', up })).toMatch(message);
});

// More of this is in unique.slow.test.ts.
describe('what foreign keys need', () => {
  it.each([
    ['constraint', constraint],
    ['index', index],
  ])('is not removed while a foreign key that is in use needs it: %s', async (kind, up) => {
    await migrations.reset(CHILDREN);
    const one = { name: 'one.js', up };
    await migrations.up(one, { name: 'two.js', up: column });
    const before = await migrations.schema();
    await expect(migrations.down(one)).rejects.toThrow(
      `${kind} code_once of table parents: expected that no foreign key needs it, found the foreign key ` +
        "children_parent_fkey of children. Remove that before: schema.removeConstraint('children', " +
        "{ type: 'foreign key', name: 'children_parent_fkey', fields: ['parent'], " +
        "references: { table: 'parents', field: 'code' } })",
    );
    expect(await migrations.schema()).toEqual(before);
  });
});
