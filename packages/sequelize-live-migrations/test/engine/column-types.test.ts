import { DataTypes, literal } from 'sequelize';
import type { ColumnAttributes, Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// A type is changed where only the catalog changes. What would read or write the whole table is refused.

const migrations = useMigrations();

const PETS = `CREATE TABLE owners (mail varchar(20) PRIMARY KEY);
  CREATE TABLE pets (id integer PRIMARY KEY, name varchar(10) DEFAULT 'Rex' NOT NULL, owner varchar(20) REFERENCES owners, size varchar(2) UNIQUE);
  CREATE INDEX pets_name ON pets (name DESC); CREATE INDEX pets_like ON pets (name varchar_pattern_ops); CREATE INDEX pets_hash ON pets USING hash (name);
  ALTER TABLE pets ADD CONSTRAINT positive CHECK (id > 0)`;
const ROWS = "INSERT INTO owners VALUES ('a@b.c'); INSERT INTO pets VALUES (1, 'Rex', 'a@b.c', 'S')";

const change = (column: string, type: ColumnAttributes['type'], rest: object = {}) => ({
  name: 'one.js',
  up: (schema: Schema) => schema.changeColumn('pets', column, { type, ...rest }),
});
const name = { allowNull: false, defaultValue: 'Rex' };

describe.each([
  ['without rows', PETS],
  ['with rows', `${PETS}; ${ROWS}`],
])('on a table %s', (_, sql) => {
  it.each([
    [
      'a longer varchar',
      change('name', DataTypes.STRING(30), name),
      "character varying(30) not null default 'Rex'::character varying",
    ],
    [
      'a varchar without a length',
      change('name', 'varchar', name),
      "character varying not null default 'Rex'::character varying",
    ],
    [
      'text, with another default',
      change('name', DataTypes.TEXT, { ...name, defaultValue: 'Bo' }),
      "text not null default 'Bo'::text",
    ],
    ['text for a column with a foreign key', change('owner', DataTypes.TEXT), 'text'],
    [
      'text for a unique column, and not null',
      change('size', DataTypes.TEXT, { allowNull: false, defaultValue: '' }),
      "text not null default ''::text",
    ],
  ])(
    '%s rewrites nothing, stays when it is undone, and is found when it is done again',
    async (__, one, expected) => {
      await migrations.reset(sql);
      const files = () =>
        migrations.query(
          `SELECT relname, relfilenode FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace ORDER BY 1`,
        );
      const [schema, before] = [await migrations.schema(), await files()];
      await migrations.plan(one);
      expect(await migrations.schema()).toEqual(schema);
      await migrations.up(one);
      const after = await migrations.schema();
      expect(after).toEqual(
        expect.arrayContaining([
          expect.stringMatching(
            new RegExp(`^pets (name|owner|size) ${expected.replaceAll(/[()]/g, '[$&]')}$`),
          ),
        ]),
      );
      expect(await files()).toEqual(before);
      expect(await migrations.purposes(one)).toEqual([]);
      await migrations.down(one);
      expect(migrations.lines.at(-1)).toMatch(
        /^column pets[.]\w+ stays as it is: what it was before is not known$/,
      );
      expect(await migrations.schema()).toEqual(after);
    },
  );
});

it('what holds more stays, and that is said', async () => {
  await migrations.reset(`${PETS}; ${ROWS}`);
  await migrations.up(change('name', DataTypes.STRING(5), name));
  expect(migrations.lines).toEqual([
    'column pets.name stays character varying(10), which holds all of character varying(5)',
  ]);
});

describe('is refused with what to write', () => {
  it.each<[string, string, ReturnType<typeof change>, string]>([
    [
      'a type that is written otherwise',
      '',
      change('id', DataTypes.BIGINT),
      "schema.changeColumn('pets', 'id', { type: 'bigint' }, { overlap: true }), and run this one when",
    ],
    [
      'text for a number',
      '',
      change('id', DataTypes.TEXT),
      `schema.addColumn('pets', 'new_id', { …, allowNull: false, backfill: literal("\\"id\\"::text") })`,
    ],
    [
      'a varchar for text',
      'ALTER TABLE pets ADD note char(5)',
      change('note', DataTypes.STRING),
      'expected type character varying(255), found type character(5)',
    ],
    [
      'a column with a check',
      "ALTER TABLE pets ADD CONSTRAINT named CHECK (name <> 'x')",
      change('name', DataTypes.STRING(20), name),
      `schema.removeConstraint('pets', { type: 'check', name: 'named', where: literal("((name)::text <> 'x'::text)") }) before`,
    ],
    [
      'a column with an index on an expression',
      'CREATE INDEX by ON pets (lower(name))',
      change('name', DataTypes.TEXT, name),
      'The index by would be built again',
    ],
    [
      'a column with a partial index',
      "CREATE INDEX by ON pets (name) WHERE name <> ''",
      change('name', DataTypes.TEXT, name),
      'The index by would be built again',
    ],
    [
      'a column that a view reads',
      'CREATE VIEW names AS SELECT name FROM pets',
      change('name', DataTypes.TEXT, name),
      'drop view names before',
    ],
    ...[
      ['a policy', "CREATE POLICY own ON pets USING (name <> 'x')", 'policy own on table pets'],
      [
        'a trigger',
        `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER seen BEFORE UPDATE OF name ON pets FOR EACH ROW EXECUTE FUNCTION see()`,
        'trigger seen',
      ],
      [
        'a function',
        'CREATE FUNCTION named() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(name) FROM pets; END',
        'function named()',
      ],
      [
        'a generated column',
        'ALTER TABLE pets ADD upper text GENERATED ALWAYS AS (upper(name)) STORED',
        'the generated column upper',
      ],
    ].map(([what = '', sql = '', found = '']): [string, string, ReturnType<typeof change>, string] => [
      `a column on which ${what} depends`,
      sql,
      change('name', DataTypes.TEXT, name),
      `drop ${found} before`,
    ]),
    [
      'a column to which others refer',
      'CREATE TABLE boxes (size varchar(2) REFERENCES pets (size))',
      change('size', DataTypes.TEXT),
      'Foreign keys of boxes refer to it',
    ],
  ])('%s', async (_, more, one, message) => {
    expect(await migrations.refusal(`${PETS}; ${ROWS}; ${more}`, one)).toContain(message);
  });

  it('a check, and what is to be written works', async () => {
    await migrations.reset(`${PETS}; ${ROWS}; ALTER TABLE pets ADD CONSTRAINT named CHECK (name <> 'x')`);
    const check = { type: 'check', name: 'named', where: literal("((name)::text <> 'x'::text)") } as const;
    const up = (schema: Schema) => {
      schema.removeConstraint('pets', check);
      schema.changeColumn('pets', 'name', { type: DataTypes.TEXT, ...name });
      schema.addConstraint('pets', check);
    };
    await migrations.up({ name: 'one.js', up });
    const after = await migrations.schema();
    expect(after).toEqual(
      expect.arrayContaining([
        "pets name text not null default 'Rex'::text",
        "pets named CHECK ((name <> 'x'::text))",
      ]),
    );
    expect(await migrations.undoAndRedo({ name: 'one.js', up })).toEqual(after);
  });
});
