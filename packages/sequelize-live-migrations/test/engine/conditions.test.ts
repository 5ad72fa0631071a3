import { DataTypes, Op } from 'sequelize';
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
