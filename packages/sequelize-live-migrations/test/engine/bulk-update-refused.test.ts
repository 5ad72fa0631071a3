import { literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { PETS, ROWS, update } from '../support/bulk-update';
import { useMigrations } from '../support/migrations';

const migrations = useMigrations();

describe('rows that would be updated again are refused, since a run that was cut short could not tell them', () => {
  it.each<[string, Parameters<Schema['bulkUpdate']>]>([
    ['one more', ['pets', { age: literal('age + 1') }, literal('true')]],
    ['one more, by another condition', ['pets', { age: literal('age + 1') }, { name: 'n1' }]],
    [
      'columns that exchange their values',
      ['pets', { age: literal('id'), id: literal('age') }, { name: 'n1' }],
    ],
    ['itself in a subquery', ['pets', { age: literal('(SELECT pets.age + 1)') }, { name: 'n1' }]],
  ])('%s, also in a table without rows: what passes in CI passes in production', async (_, args) => {
    for (const sql of [PETS, `${PETS}; ${ROWS}`]) {
      const refusal = await migrations.refusal(sql, update(...args));
      expect(refusal).toMatch(/one\.js updates rows of pets, whose .*age.* it computes from what they are/);
    }
  });

  it.each<[string, Parameters<Schema['bulkUpdate']>, number]>([
    [
      'one more, as long as it is little',
      ['pets', { age: literal('age + 1') }, { age: { [Op.lt]: 5 } }],
      1000,
    ],
    ['a random value', ['pets', { name: literal('gen_random_uuid()') }, literal('id < 10')], 9],
  ])('%s: the message has the query that lists the rows', async (_, args, count) => {
    const refusal = await migrations.refusal(`${PETS}; ${ROWS}`, update(...args));
    const query = /rows that are: (SELECT [^;]*);/.exec(refusal)?.[1] ?? '';
    expect(await migrations.query(query)).toHaveLength(count);
  });

  it.each<[string, (schema: Schema) => void]>([
    [
      'rows that an earlier bulkUpdate of the migration would update then',
      (schema) => {
        schema.bulkUpdate('pets', { name: 'old' }, { age: 9 });
        schema.bulkUpdate('pets', { age: 9, name: 'x' }, { age: 8 });
      },
    ],
    [
      'rows whose values a trigger changes',
      (schema) => schema.bulkUpdate('pets', { name: 'never' }, { age: 9 }),
    ],
  ])('%s: the batch is rolled back', async (_, up) => {
    await migrations.reset(`${PETS}; ${ROWS};
      CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF new.name = 'never' THEN new.name := 'mine'; END IF; RETURN new; END $$;
      CREATE TRIGGER mine BEFORE UPDATE ON pets FOR EACH ROW EXECUTE FUNCTION mine()`);
    await expect(migrations.up({ name: 'one.js', up })).rejects.toThrow(/would be updated again/);
    expect(await migrations.query("SELECT FROM pets WHERE name = 'x' OR name = 'mine'")).toEqual([]);
  });
});

it.each<[string, Parameters<Schema['bulkUpdate']>, RegExp]>([
  [
    'a column that is not there',
    ['pets', { nome: 1 }, { age: 1 }],
    /column "nome" of relation "pets" does not exist/,
  ],
  ['one in the condition', ['pets', { age: 1 }, { nome: 1 }], /column "nome" does not exist/],
  ['a label that is not there', ['pets', { kind: 'cow' }, { age: 1 }], /invalid input value for enum/],
  ['text for a number', ['pets', { age: 'old' }, { name: 'x' }], /invalid input syntax for type integer/],
  [
    'an object for text',
    ['pets', { name: { a: 1 } }, { age: 1 }],
    /pets\.name is of type text, which holds no object/,
  ],
  ['an array for text', ['pets', { name: ['a'] }, { age: 1 }], /holds no array: \["a"\]/],
  ['more than an expression', ['pets', { age: literal('1), (2') }, { id: 1 }], /syntax error/],
  ['a table that is not there', ['dogs', { age: 1 }, { id: 1 }], /Table dogs does not exist/],
])('is refused with nothing done: %s', async (_, args, message) => {
  const refusal = await migrations.refusal(`${PETS}; ${ROWS}`, {
    name: 'one.js',
    up: (schema) => {
      schema.addIndex('pets', ['name']);
      schema.bulkUpdate(...args);
    },
  });
  expect(refusal).toMatch(message);
  expect(refusal).toContain('Nothing of this migration was done');
});
