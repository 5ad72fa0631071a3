import { DataTypes, fn, col, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type TestMigration, useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// The changes of one migration follow each other: each is planned on what those before it leave.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
const age = { type: DataTypes.INTEGER };
const isDog = { type: 'check', name: 'no_dogs', where: { sort: { [Op.ne]: 'dog' } } } as const;
const isCat = { type: 'check', name: 'cats', where: literal("kind = 'cat'") } as const;

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer)';
const ROWS = "INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Bo', 2)";

type Up = (schema: Schema) => void;

const create: Up = (schema) => schema.createTable('toys', { id });
const addKind: Up = (schema) => schema.addColumn('toys', 'kind', kind);
const indexKind: Up = (schema) => schema.addIndex('toys', ['kind']);
const checkKind: Up = (schema) => schema.addConstraint('toys', isCat);
const rename: Up = (schema) => schema.renameColumn('toys', 'kind', 'sort');
const indexSort: Up = (schema) => schema.addIndex('toys', ['sort', 'id']);
const checkSort: Up = (schema) => schema.addConstraint('toys', isDog);

/** A migration that does one thing after the other. */
function inOrder(...ups: readonly Up[]): TestMigration {
  return { name: 'one.js', up: (schema) => ups.forEach((up) => up(schema)) };
}

const WHOLE = [
  `CREATE INDEX toys_kind ON ${SCHEMA}.toys USING btree (sort)`,
  `CREATE INDEX toys_sort_id ON ${SCHEMA}.toys USING btree (sort, id)`,
  "toys cats CHECK ((sort = 'cat'::enum_toys_kind))",
  "toys no_dogs CHECK ((sort <> 'dog'::enum_toys_kind))",
  "toys sort enum_toys_kind not null default 'cat'::enum_toys_kind",
];

describe('a new table, a column of an enum type, its indexes, its checks and its new name', () => {
  it.each([
    ['an index first', inOrder(create, addKind, indexKind, checkKind, rename, indexSort, checkSort)],
    ['a check first', inOrder(create, addKind, checkKind, indexKind, rename, checkSort, indexSort)],
  ])('can be declared in one migration: %s', async (_, one) => {
    expect(await migrations.thereAndBack('', one)).toEqual(expect.arrayContaining(WHOLE));
  });

  it('can be declared in several, which are planned together as they are one by one', async () => {
    const all = [create, addKind, indexKind, checkKind, rename, indexSort, checkSort].map((up, n) => {
      return { name: `${String(n)}.js`, up };
    });
    await migrations.reset('');
    const before = await migrations.schema();
    const together = (await migrations.plan(...all)).map(({ plan }) => plan.steps);
    const oneByOne = [];
    for (const one of all) {
      const [planned] = await migrations.plan(one);
      oneByOne.push(planned?.plan.steps);
      await migrations.up(one);
    }
    expect(sqlOf(together)).toEqual(sqlOf(oneByOne));
    expect(await migrations.schema()).toEqual(expect.arrayContaining(WHOLE));
    await migrations.down(...all.toReversed());
    expect(await migrations.schema()).toEqual(before);
    await migrations.up(...all);
    expect(await migrations.schema()).toEqual(expect.arrayContaining(WHOLE));
  });

  function sqlOf(plans: readonly (readonly { readonly sql: string }[] | undefined)[]) {
    return plans.map((steps) => steps?.map(({ sql }) => sql));
  }
});

describe('what is declared in one migration, on a table with rows', () => {
  it.each<[string, Up, string[]]>([
    [
      'a new name, and an index and a check on that',
      (schema) => {
        schema.renameColumn('pets', 'name', 'title');
        schema.addIndex('pets', [fn('lower', col('title'))], { name: 'by_title', unique: true });
        schema.addConstraint('pets', { type: 'check', name: 'titled', where: { title: { [Op.ne]: '' } } });
      },
      [
        `CREATE UNIQUE INDEX by_title ON ${SCHEMA}.pets USING btree (lower(title))`,
        "pets titled CHECK ((title <> ''::text))",
      ],
    ],
    [
      'an index and a check, and then a new name for their column',
      (schema) => {
        schema.addIndex('pets', ['age', 'name'], { name: 'by_age' });
        schema.addConstraint('pets', { type: 'check', name: 'of_age', where: literal('age > 0') });
        schema.renameColumn('pets', 'age', 'years');
      },
      [`CREATE INDEX by_age ON ${SCHEMA}.pets USING btree (years, name)`, 'pets of_age CHECK ((years > 0))'],
    ],
    [
      'two columns that swap their names',
      (schema) => {
        schema.renameColumn('pets', 'name', 'aside');
        schema.renameColumn('pets', 'age', 'name');
        schema.renameColumn('pets', 'aside', 'age');
      },
      ['pets age text', 'pets name integer'],
    ],
    [
      'a name that is given to a new column at once',
      (schema) => {
        schema.createTable('toys', { id, age });
        schema.renameColumn('toys', 'age', 'years');
        schema.addColumn('toys', 'age', { type: DataTypes.TEXT });
        schema.addIndex('toys', ['age', 'years']);
      },
      [`CREATE INDEX toys_age_years ON ${SCHEMA}.toys USING btree (age, years)`, 'toys age text'],
    ],
    [
      'a table with another name, and what is declared of it before and after that',
      (schema) => {
        const thing = { type: DataTypes.INTEGER, references: { model: 'things', key: 'id' } };
        schema.createTable('toys', { id, kind });
        schema.addIndex('toys', ['kind'], { unique: true });
        schema.renameTable('toys', 'things');
        schema.addIndex('things', ['kind', 'id']);
        schema.renameColumn('things', 'kind', 'sort');
        schema.addColumn('things', 'part_of', thing);
        schema.createTable('boxes', { id, thing });
        schema.addConstraint('things', { type: 'check', name: 'cats', where: { sort: 'cat' } });
      },
      [
        `CREATE UNIQUE INDEX toys_kind ON ${SCHEMA}.things USING btree (sort)`,
        `CREATE INDEX things_kind_id ON ${SCHEMA}.things USING btree (sort, id)`,
        'things things_part_of_fkey FOREIGN KEY (part_of) REFERENCES things(id)',
        'boxes boxes_thing_fkey FOREIGN KEY (thing) REFERENCES things(id)',
      ],
    ],
    [
      'tables that refer to each other, and one to itself',
      (schema) => {
        const toy = { type: DataTypes.INTEGER, references: { model: 'toys', key: 'id' } };
        schema.createTable('toys', { id, part_of: toy });
        schema.createTable('shops', { id, toy });
        schema.addColumn('toys', 'shop', { ...toy, references: { model: 'shops', key: 'id' } });
      },
      ['toys toys_part_of_fkey FOREIGN KEY (part_of) REFERENCES toys(id)'],
    ],
  ])('is done, undone and done again: %s', async (_, up, expected) => {
    const after = await migrations.thereAndBack(`${PETS}; ${ROWS}`, { name: 'one.js', up });
    expect(after).toEqual(expect.arrayContaining(expected));
    expect(await migrations.query('SELECT id FROM pets ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});
