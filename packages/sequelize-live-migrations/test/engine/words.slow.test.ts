import { literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type IndexedPets, indexThereAndBack, PETS, ROWS } from '../support/indexed-pets';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// Each kind of index, on a table with rows, is planned without a trace, done, found done, undone exactly, and done again
// with the same result.

const migrations = useMigrations();

it.each<IndexedPets>([
  [
    'unique',
    ['id', 'name'],
    { unique: true },
    `UNIQUE INDEX pets_id_name ON ${SCHEMA}.pets USING btree (id, name)`,
  ],
  ['partial', ['name'], { where: { kind: 'cat' } }, "(name) WHERE (kind = 'cat'::enum_pets_kind)"],
  [
    'partial by several conditions',
    ['name'],
    {
      where: {
        [Op.or]: [{ id: { [Op.between]: [1, 3] } }, { name: { [Op.in]: ["it's", '$1', ';'] } }],
        tags: null,
      },
    },
    `(name) WHERE ((((id >= 1) AND (id <= 3)) OR (name = ANY (ARRAY['it''s'::text, '$1'::text, ';'::text]))) AND (tags IS NULL))`,
  ],
  [
    'partial by an expression',
    ['name'],
    { where: literal("lower(name) <> ':x'") },
    "WHERE (lower(name) <> ':x'::text)",
  ],
  ['of another method', ['name'], { using: 'hash' }, 'USING hash (name)'],
  [
    'of another operator class',
    ['tags'],
    { using: 'gin', operator: 'jsonb_path_ops' },
    'USING gin (tags jsonb_path_ops)',
  ],
  ['for prefixes', ['name', 'id'].slice(0, 1), { operator: 'text_pattern_ops' }, '(name text_pattern_ops)'],
  [
    'on literal SQL',
    [literal('"bornAt" DESC NULLS LAST'), 'id'],
    { name: 'by' },
    '("bornAt" DESC NULLS LAST, id)',
  ],
  [
    'in an order',
    [{ name: 'bornAt', order: 'DESC' }, 'id'],
    {},
    `INDEX pets_born_at_id ON ${SCHEMA}.pets USING btree ("bornAt" DESC, id)`,
  ],
  [
    'covering, unique and partial',
    ['id'],
    { unique: true, include: ['bornAt'], where: literal("name <> ')'") },
    `(id) INCLUDE ("bornAt") WHERE (name <> ')'::text)`,
  ],
  ['by a collation', [{ name: 'name', collate: 'C', order: 'DESC' }], {}, '(name COLLATE "C" DESC)'],
  [
    'on an expression of enum type',
    [literal("(kind = 'dog')"), 'id'],
    { name: 'by' },
    "((kind = 'dog'::enum_pets_kind)), id)",
  ],
])('an index: %s', async (_, fields, options, expected) => {
  expect(await indexThereAndBack(migrations, fields, options)).toEqual(
    expect.arrayContaining([expect.stringContaining(expected)]),
  );
});

// More kinds are in words.slow.test.ts.
it.each<IndexedPets>([
  ['unique and partial', ['name'], { unique: true, where: { id: { [Op.gt]: 1 } } }, '(name) WHERE (id > 1)'],
  ['covering', ['id'], { include: ['name', 'bornAt'] }, 'btree (id) INCLUDE (name, "bornAt")'],
])('an index: %s', async (_, fields, options, expected) => {
  expect(await indexThereAndBack(migrations, fields, options)).toEqual(
    expect.arrayContaining([expect.stringContaining(expected)]),
  );
});

it.each([
  ['on a value', { id: { [Op.gte]: 0 } }, 'CHECK ((id >= 0))'],
  ['by an expression', literal("id > 0 AND name <> ') NOT VALID' OR tags IS NULL"), 'CHECK '],
  ['over several lines', literal("name <> E'a\\nb'\n AND name ~ '^n'"), "CHECK (((name <> 'a\nb'::text)"],
])('a check: %s', async (_, where, expected) => {
  const options = { type: 'check', name: 'checked', fields: ['id'], where } as const;
  const add = { name: 'one.js', up: (schema: Schema) => schema.addConstraint('pets', options) };
  const after = await migrations.convergesThereAndBack(`${PETS}; ${ROWS}`, add);
  expect(after).toEqual(expect.arrayContaining([expect.stringContaining(`pets checked ${expected}`)]));
});
