import { DataTypes, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { migration } from '../../src/migration';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// Labels are added to an enum type, and what follows in the same migration uses them.

const migrations = useMigrations();

const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, kind enum_pets_kind NOT NULL DEFAULT 'cat', kinds enum_pets_kind[]);
  CREATE INDEX pets_cats ON pets (id) WHERE kind = 'cat'; ALTER TABLE pets ADD CONSTRAINT a_kind CHECK (kind <> 'dog' OR id > 0)`;
const ROWS = `INSERT INTO pets VALUES (1, 'cat', '{cat}'), (2, 'dog', '{}'), (3, 'dog', NULL)`;

const labelled = (...labels: readonly string[]) => ({
  type: DataTypes.ENUM(...labels),
  allowNull: false,
  defaultValue: 'cat',
});
const change = (...labels: readonly string[]) => ({
  name: 'one.js',
  up: (schema: Schema) => schema.changeColumn('pets', 'kind', labelled(...labels)),
});

describe.each([
  ['without rows', PETS],
  ['with rows', `${PETS}; ${ROWS}`],
])('on a table %s', (_, sql) => {
  it.each([
    ['at the end', ['cat', 'dog', 'owl']],
    ['in the middle', ['cat', 'owl', 'dog']],
    ['at the beginning', ['owl', 'cat', 'dog']],
    ['everywhere', ['ant', 'bee', 'cat', "cow's", 'cub', 'dog', '%s', 'yak']],
  ])(
    'labels are added %s, stay when that is undone, and are found when it is done again',
    async (__, labels) => {
      await migrations.reset(sql);
      const before = await migrations.schema();
      expect(await migrations.purposes(change(...labels))).toHaveLength(1);
      expect(await migrations.schema()).toEqual(before);
      await migrations.up(change(...labels));
      const expected = before.map((line) =>
        line.startsWith('enum_') ? `enum_pets_kind enum ${labels.join(',')}` : line,
      );
      expect(await migrations.schema()).toEqual(expected);
      await migrations.down(change(...labels));
      expect(migrations.lines.at(-1)).toBe(
        'column pets.kind stays as it is, with all labels of its type, of which PostgreSQL removes none: what it was before is not known',
      );
      expect(await migrations.schema()).toEqual(expected);
      expect(await migrations.purposes(change(...labels))).toEqual([]);
    },
  );

  it('what follows in the same migration uses them', async () => {
    const up = (schema: Schema) => {
      schema.addColumn('pets', 'name', { type: DataTypes.TEXT });
      schema.changeColumn('pets', 'kind', { ...labelled('cat', 'dog', 'owl'), defaultValue: 'owl' });
      schema.addIndex('pets', ['id'], { name: 'one_owl', unique: true, where: { kind: 'owl' } });
      schema.addConstraint('pets', {
        type: 'check',
        name: 'owls',
        where: { [Op.or]: [{ kind: { [Op.ne]: 'owl' } }, { id: 1 }] },
      });
      schema.addColumn('pets', 'also', {
        type: 'enum_pets_kind',
        allowNull: false,
        defaultValue: literal("'owl'"),
      });
      schema.renameColumn('pets', 'kind', 'sort');
      schema.changeColumn('pets', 'sort', { ...labelled('bee', 'cat', 'dog', 'owl'), defaultValue: 'bee' });
    };
    await migrations.reset(sql);
    await migrations.up({ name: 'one.js', up });
    const schema = await migrations.schema();
    expect(schema).toEqual(
      expect.arrayContaining([
        'enum_pets_kind enum bee,cat,dog,owl',
        "pets sort enum_pets_kind not null default 'bee'::enum_pets_kind",
        "pets also enum_pets_kind not null default 'owl'::enum_pets_kind",
        `CREATE UNIQUE INDEX one_owl ON ${SCHEMA}.pets USING btree (id) WHERE (sort = 'owl'::enum_pets_kind)`,
        "pets owls CHECK (((sort <> 'owl'::enum_pets_kind) OR (id = 1)))",
      ]),
    );
    expect(await migrations.undoAndRedo({ name: 'one.js', up })).toEqual(schema);
  });
});

describe.each([
  ['without rows', PETS],
  ['with rows', `${PETS}; ${ROWS}`],
])('a label is renamed on a table %s', (_, sql) => {
  const rename = {
    name: 'one.js',
    up: (schema: Schema) => schema.renameEnumValue('pets', 'kind', 'dog', "the dog's"),
  };

  it('there and back, with all that uses it', async () => {
    const after = await migrations.convergesThereAndBack(sql, rename);
    expect(after).toEqual(
      expect.arrayContaining([
        "enum_pets_kind enum cat,the dog's",
        "pets a_kind CHECK (((kind <> 'the dog''s'::enum_pets_kind) OR (id > 0)))",
      ]),
    );
    expect(migrations.lines.at(-1)).toMatch(
      /^dog of enum type enum_pets_kind is the dog's now: the release of the appl/,
    );
  });

  it('and what follows in the same migration uses the new name', async () => {
    const up = (schema: Schema) => {
      schema.addIndex('pets', ['id'], { name: 'dogs', where: { kind: 'dog' } });
      schema.renameEnumValue('pets', 'kind', 'dog', 'hound');
      schema.addIndex('pets', ['id'], { name: 'hounds', unique: true, where: { kind: 'hound' } });
      schema.changeColumn('pets', 'kind', labelled('cat', 'cow', 'hound'));
      schema.renameEnumValue('pets', 'kind', 'cow', 'cattle');
      schema.addConstraint('pets', {
        type: 'check',
        name: 'no_cattle',
        where: { kind: { [Op.ne]: 'cattle' } },
      });
      schema.addConstraint('pets', {
        type: 'check',
        name: 'kinds',
        where: literal("'hound' <> ALL (kinds)"),
      });
    };
    await migrations.reset(sql);
    const planned = await migrations.purposes({ name: 'one.js', up });
    await migrations.up({ name: 'one.js', up });
    expect(planned).toHaveLength(9);
    const schema = await migrations.schema();
    expect(schema).toEqual(
      expect.arrayContaining([
        'enum_pets_kind enum cat,cattle,hound',
        `CREATE INDEX dogs ON ${SCHEMA}.pets USING btree (id) WHERE (kind = 'hound'::enum_pets_kind)`,
        "pets no_cattle CHECK ((kind <> 'cattle'::enum_pets_kind))",
      ]),
    );
    await migrations.down({ name: 'one.js', up });
    expect(await migrations.schema()).toContain('enum_pets_kind enum cat,cow,dog');
    await migrations.up({ name: 'one.js', up });
    expect(await migrations.schema()).toEqual(schema);
  });
});

describe('a new name of a label', () => {
  const rename = (column: string) => ({
    name: 'one.js',
    up: (schema: Schema) => schema.renameEnumValue('pets', column, 'dog', 'cat'),
  });

  it.each([
    ['is refused where both are there', 'kind', PETS, 'expected the label dog, and not cat, found cat, dog'],
    [
      'is refused where neither is there',
      'kind',
      "CREATE TYPE kind AS ENUM ('x'); CREATE TABLE pets (kind kind)",
      'found x',
    ],
    [
      'is refused for another type',
      'id',
      PETS,
      'column pets.id: expected a column of an enum type, found type integer',
    ],
    ['is refused for no column', 'age', PETS, 'expected a column of an enum type, found no such column'],
  ])('%s', async (_, column, sql, message) => {
    expect(await migrations.refusal(sql, rename(column))).toContain(message);
  });
});

it('a violation by a row is found with labels that are not there yet', async () => {
  const up = (schema: Schema) => {
    schema.changeColumn('pets', 'kind', labelled('cat', 'dog', 'owl'));
    schema.renameEnumValue('pets', 'kind', 'dog', 'hound');
    schema.addConstraint('pets', { type: 'check', name: 'owls', where: { kind: ['owl', 'hound'] } });
  };
  expect(await migrations.refusal(`${PETS}; ${ROWS}`, { name: 'one.js', up })).toContain(
    'rows that violate it',
  );
});

it('labels that a later release has added are kept, and that is said', async () => {
  await migrations.reset(PETS.replace("'dog')", "'owl', 'dog')"));
  expect(await migrations.purposes(change('cat', 'dog'))).toEqual([]);
  await migrations.up(change('cat', 'dog'));
  expect(migrations.lines).toEqual(['enum type enum_pets_kind keeps owl: PostgreSQL removes no label']);
});

describe('is refused with what to write', () => {
  it.each([
    ['another order', ['dog', 'cat', 'owl'], "DataTypes.ENUM('cat', 'owl', 'dog') })"],
    ['one that is missing', ['cat', 'cow', 'owl'], "DataTypes.ENUM('cat', 'cow', 'owl', 'dog') })"],
  ])('%s', async (_, labels, corrected) => {
    const message = await migrations.refusal(PETS, change(...labels));
    expect(message).toContain(
      `enum type enum_pets_kind: expected ${labels.join(', ')}, found cat, dog. PostgreSQL adds`,
    );
    expect(message).toContain(corrected);
  });

  it.each([
    ['twice the same label', DataTypes.ENUM('cat', 'cat'), /the label cat is there twice/],
    ['an empty label', DataTypes.ENUM(''), /a label: a name is expected, and not ""/],
    ['a long label', DataTypes.ENUM('x'.repeat(64)), /longer than a name in PostgreSQL may be/],
  ])('%s', (_, type, message) => {
    const up = (schema: Schema) => schema.addColumn('pets', 'kind', { type });
    expect(() => migration('one.js', { up })).toThrow(message);
  });
});
