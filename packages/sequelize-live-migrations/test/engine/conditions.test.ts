import { DataTypes, literal, Op } from 'sequelize';
import { asReadAgain } from '../../src/catalog/as-read-again';
import { flattened } from '../../src/catalog/flattened';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// A condition is the same however PostgreSQL groups what is joined by AND, or by OR.

it.each([
  ['(((b >= 1) AND (b <= 5)) AND (a = 2))', '((b >= 1) AND (b <= 5) AND (a = 2))'],
  ['((a = 2) OR ((b = 1) OR (c = 1)))', '((a = 2) OR (b = 1) OR (c = 1))'],
  ['(((a = 1) OR (b = 1)) AND (c = 1))', '(((a = 1) OR (b = 1)) AND (c = 1))'],
  ['(((NOT ((a = 1) AND b)) AND c))', '(((NOT ((a = 1) AND b)) AND c))'],
  ['btree (a) WHERE (((a > 1) AND (a < 5)) AND b)', 'btree (a) WHERE ((a > 1) AND (a < 5) AND b)'],
  ["((a = '((x AND y) AND z)'::text) AND b)", "((a = '((x AND y) AND z)'::text) AND b)"],
  ['(((" AND (" > 1) AND b) AND c)', '((" AND (" > 1) AND b AND c)'],
  ['btree (a, lower(b))', 'btree (a, lower(b))'],
])('%s', (printed, expected) => {
  expect(flattened(printed)).toBe(expected);
});

const migrations = useMigrations();

it('an index and a check with a BETWEEN among other conditions are found as they are declared', async () => {
  const where = { n: { [Op.between]: [1, 5] }, name: 'x' };
  const one = {
    name: 'one.js',
    up: (schema: Schema) => {
      schema.createTable('things', { n: { type: DataTypes.INTEGER }, name: { type: DataTypes.TEXT } });
      schema.addIndex('things', ['n'], { name: 'some', where });
      schema.addConstraint('things', { type: 'check', name: 'all_so', where });
    },
  };
  await migrations.reset('DROP TABLE IF EXISTS things');
  await migrations.up(one);
  expect(await migrations.purposes(one)).toEqual([]);
});

it.each([
  ["(a = ANY ((ARRAY['x'::cidr])::inet[]))", "(a = ANY (ARRAY[('x'::cidr)::inet]))"],
  [
    "(a = ANY ((ARRAY['b, ]'::character varying, va[1], lower(c)])::text[])) OR d",
    "(a = ANY (ARRAY[('b, ]'::character varying)::text, (va[1])::text, (lower(c))::text])) OR d",
  ],
  ["(a <> '(ARRAY[b])::text[]'::text)", "(a <> '(ARRAY[b])::text[]'::text)"],
  ["((ARRAY['a'::text, 'b'::text])::text = b)", "((ARRAY['a'::text, 'b'::text])::text = b)"],
])('as PostgreSQL reads %s again', (printed, expected) => {
  expect(asReadAgain(printed)).toBe(expected);
});

// PostgreSQL prints an IN of a varchar otherwise when it is new than when it has been copied or restored.
it.each<[string, (schema: Schema) => void]>([
  ['index', (schema) => schema.addIndex('things', ['n'], { name: 'some', where: { name: ['a', 'b'] } })],
  [
    'index with other conditions',
    (schema) =>
      schema.addIndex('things', ['n'], {
        name: 'some',
        where: { n: { [Op.between]: [1, 5] }, name: { [Op.notIn]: ['a', 'b'] } },
      }),
  ],
  [
    'check',
    (schema) =>
      schema.addConstraint('things', { type: 'check', name: 'some', where: { name: ['a', "it's, (b)"] } }),
  ],
  [
    'index on an expression',
    (schema) => schema.addIndex('things', [literal("(name IN ('a', 'b'))")], { name: 'some' }),
  ],
])('a list of values of a varchar is found as it is declared: %s', async (_, up) => {
  const things = "CREATE TABLE things (n integer, name varchar(20)); INSERT INTO things VALUES (1, 'a')";
  await migrations.convergesThereAndBack(things, { name: 'one.js', up });
  expect(await migrations.stepsLeft({ name: 'one.js', up })).toEqual([]);
});

it('the same of a generated column', async () => {
  const up = (schema: Schema) =>
    schema.addColumn('things', 'is_some', {
      type: DataTypes.BOOLEAN,
      generatedAs: literal("name IN ('a', 'b')"),
    });
  const one = { name: 'one.js', up };
  await migrations.convergesThereAndBack('CREATE TABLE things (name varchar(20))', one);
  expect(await migrations.stepsLeft(one)).toEqual([]);
});
