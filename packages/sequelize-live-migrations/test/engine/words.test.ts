import { col, DataTypes, fn, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type IndexedPets, indexThereAndBack, PETS, ROWS } from '../support/indexed-pets';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// Each word, on a table without rows and on one with rows, is planned without a trace, done, found done, undone exactly, and
// done again with the same result.

const migrations = useMigrations();

const TABLES = [
  ['without rows', PETS],
  ['with rows', `${PETS}; ${ROWS}`],
] as const;

// More kinds are in words.slow.test.ts.
it.each<IndexedPets>([
  [
    'on a column with a capital',
    ['bornAt'],
    {},
    `INDEX pets_born_at ON ${SCHEMA}.pets USING btree ("bornAt")`,
  ],
  [
    'on an expression',
    [fn('lower', col('name'))],
    { name: 'by' },
    `INDEX by ON ${SCHEMA}.pets USING btree (lower(name))`,
  ],
])('an index: %s', async (_, fields, options, expected) => {
  expect(await indexThereAndBack(migrations, fields, options)).toEqual(
    expect.arrayContaining([expect.stringContaining(expected)]),
  );
});

it.each([
  [
    'on two columns',
    { id: { [Op.gte]: 0 }, name: { [Op.ne]: '' } },
    "CHECK (((id >= 0) AND (name <> ''::text)))",
  ],
  ['on an enum', { kind: { [Op.ne]: 'cat' } }, "CHECK ((kind <> 'cat'::enum_pets_kind))"],
])('a check: %s', async (_, where, expected) => {
  const options = { type: 'check', name: 'checked', fields: ['id'], where } as const;
  const add = { name: 'one.js', up: (schema: Schema) => schema.addConstraint('pets', options) };
  const after = await migrations.convergesThereAndBack(`${PETS}; ${ROWS}`, add);
  expect(after).toEqual(expect.arrayContaining([expect.stringContaining(`pets checked ${expected}`)]));
});

describe.each(TABLES)('on a table %s', (_, sql) => {
  it('an index and a check are removed, and restored as they were', async () => {
    const index = { unique: true, where: { id: { [Op.gt]: 1 } } };
    const check = { type: 'check', name: 'checked', where: literal("name ~ '^n'") } as const;
    await migrations.reset(`${sql}; CREATE UNIQUE INDEX pets_name ON pets (name) WHERE id > 1;
      ALTER TABLE pets ADD CONSTRAINT checked CHECK (name ~ '^n')`);
    const before = await migrations.schema();
    const up = (schema: Schema) => {
      schema.removeIndex('pets', ['name'], index);
      schema.removeConstraint('pets', check);
    };
    await migrations.up({ name: 'one.js', up });
    expect(await migrations.schema()).toHaveLength(before.length - 2);
    await migrations.down({ name: 'one.js', up });
    expect(await migrations.schema()).toEqual(before);
  });

  it('a new name of an index, which blocks nobody', async () => {
    const index =
      "CREATE UNIQUE INDEX pets_name ON pets (lower(name)) WHERE name <> ''; COMMENT ON INDEX pets_name IS 'It'";
    const up = (schema: Schema) => schema.renameIndex('pets', 'pets_name', 'By Name');
    const after = await migrations.convergesThereAndBack(`${sql}; ${index}`, { name: 'one.js', up });
    expect(after).toContain(
      `CREATE UNIQUE INDEX "By Name" ON ${SCHEMA}.pets USING btree (lower(name)) WHERE (name <> ''::text)`,
    );
  });

  it('a new name: everything that uses the column follows', async () => {
    const details = `CREATE INDEX by_name ON pets (lower(name)) WHERE name <> ''; CREATE VIEW names AS SELECT name FROM pets;
      ALTER TABLE pets ADD CHECK (name > ''), ADD UNIQUE (name), ADD COLUMN short text GENERATED ALWAYS AS (left(name, 1)) STORED;
      COMMENT ON COLUMN pets.name IS 'Its name'`;
    const up = (schema: Schema) => schema.renameColumn('pets', 'name', 'Full Name');
    const after = await migrations.convergesThereAndBack(`${sql}; ${details}`, { name: 'one.js', up });
    expect(after).toEqual(
      expect.arrayContaining([
        `CREATE INDEX by_name ON ${SCHEMA}.pets USING btree (lower("Full Name")) WHERE ("Full Name" <> ''::text)`,
        'pets short text default "left"("Full Name", 1)',
        'column Full Name of table pets: Its name',
      ]),
    );
  });
});

describe('a new name', () => {
  it.each([
    [
      'is refused where both columns are there',
      `${PETS}; ALTER TABLE pets ADD title text`,
      'found both of them',
    ],
    ['is refused where neither is there', 'CREATE TABLE pets (id integer)', 'found neither of them'],
    ['is refused where the table is not there', '', 'Table pets does not exist'],
  ])('%s', async (_, sql, message) => {
    const up = (schema: Schema) => schema.renameColumn('pets', 'name', 'title');
    expect(await migrations.refusal(sql, { name: 'one.js', up })).toContain(message);
  });

  it('is said to stop the previous release of the application', async () => {
    await migrations.reset(PETS);
    await migrations.up({ name: 'one.js', up: (schema) => schema.renameColumn('pets', 'name', 'title') });
    expect(migrations.lines.at(-1)).toBe(
      'column pets.name is title now: the release of the application that names it name fails on it',
    );
  });
});

it.each<[string, string, (schema: Schema) => void, RegExp]>([
  [
    'a new name of an index where that is there as well',
    `${PETS}; CREATE INDEX a ON pets (name); CREATE INDEX b ON pets (id)`,
    (schema) => schema.renameIndex('pets', 'a', 'b'),
    /index a of table pets: expected that it is there, and b is not, found both of them/,
  ],
  [
    'a new name of an index that is not there',
    PETS,
    (schema) => schema.renameIndex('pets', 'a', 'b'),
    /found neither of them/,
  ],
  [
    'a new name of the index of a constraint',
    PETS,
    (schema) => schema.renameIndex('pets', 'pets_pkey', 'b'),
    /found a constraint of the name pets_pkey/,
  ],
  [
    'a check of that name with another condition',
    `${PETS}; ALTER TABLE pets ADD CONSTRAINT checked CHECK (id > 1)`,
    (schema) => schema.addConstraint('pets', { type: 'check', name: 'checked', where: literal('id > 0') }),
    /constraint checked of table pets: expected CHECK \(\(id > 0\)\), found CHECK \(\(id > 1\)\)/,
  ],
  [
    'a partial index of that name over other rows',
    `${PETS}; CREATE INDEX pets_name ON pets (name) WHERE id > 1`,
    (schema) => schema.addIndex('pets', ['name'], { where: { id: { [Op.gt]: 0 } } }),
    /index pets_name: expected btree \(name\) WHERE \(id > 0\), found btree \(name\) WHERE \(id > 1\)/,
  ],
  [
    'a column of a type that does not exist in an index',
    PETS,
    (schema) => schema.addIndex('pets', ['nome']),
    /column "nome" does not exist/,
  ],
  [
    'a table that is not there',
    '',
    (schema) => schema.addConstraint('pets', { type: 'check', name: 'checked', where: { id: 1 } }),
    /Table pets does not exist/,
  ],
])('is refused with nothing done: %s', async (_, sql, up, message) => {
  expect(await migrations.refusal(sql, { name: 'one.js', up })).toMatch(message);
});

it.each([
  ['a check that is there and was never validated', 'ADD CONSTRAINT checked CHECK (id > 0) NOT VALID', 1],
  ['a check that is there', 'ADD CONSTRAINT checked CHECK (id > 0)', 0],
])('%s is only made complete', async (_, sql, steps) => {
  const where = { id: { [Op.gt]: 0 } };
  const one = {
    name: 'one.js',
    up: (schema: Schema) => schema.addConstraint('pets', { type: 'check', name: 'checked', where }),
  };
  await migrations.reset(`${PETS}; ${ROWS}; ALTER TABLE pets ${sql}`);
  expect(await migrations.purposes(one)).toHaveLength(steps);
  await migrations.up(one);
  expect(await migrations.schema()).toContain('pets checked CHECK ((id > 0))');
  const dates = { type: DataTypes.DATE };
  await migrations.up({ name: 'two.js', up: (schema) => schema.addColumn('pets', 'seen', dates) });
});
