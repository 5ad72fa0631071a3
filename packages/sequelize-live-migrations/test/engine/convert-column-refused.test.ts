import type { Schema } from '../../src/vocabulary';
import { change, created, KINDS, prepare, SMALL } from '../support/conversions';
import { useMigrations } from '../support/migrations';

// A column cannot get another type, or no other change meanwhile.

const migrations = useMigrations();

const [start, end] = [prepare(SMALL), change(SMALL)];
const earlier = [created(SMALL), start];

describe('what cannot be prepared is refused before anything is done:', () => {
  const of = (type: string, column = 'id') => ({
    name: '1.js',
    up: (schema: Schema) => schema.changeColumn('pets', column, { type }, { overlap: true }),
  });
  it.each([
    [
      'a type that does not hold all values',
      'CREATE TABLE pets (id bigint)',
      of('numeric(8,2)'),
      'an overlap is for a number',
    ],
    ['a type of other values', 'CREATE TABLE pets (id text)', of('uuid'), 'an overlap is for a number'],
    ['no such column', 'CREATE TABLE pets (name text)', of('bigint'), 'no such column'],
    [
      'another column of that name',
      'CREATE TABLE pets (id integer, overlap_id integer)',
      of('bigint'),
      'there is another column overlap_id',
    ],
    [
      'an identity that would be no integer',
      'CREATE TABLE pets (id integer GENERATED ALWAYS AS IDENTITY)',
      of('numeric'),
      'its values are those of an identity, which is an integer',
    ],
    [
      'a generated column',
      'CREATE TABLE pets (name text, id integer GENERATED ALWAYS AS (length(name)) STORED)',
      of('bigint'),
      'its values are generated',
    ],
    [
      'a column with two names',
      `CREATE TABLE pets (id integer)`,
      {
        name: '1.js',
        up: (schema: Schema) => {
          schema.renameColumn('pets', 'id', 'number', { overlap: true });
          schema.changeColumn('pets', 'id', { type: 'bigint' }, { overlap: true });
        },
      },
      'it has the name number as well',
    ],
    [
      'a foreign key of another schema',
      `CREATE TABLE pets (id integer PRIMARY KEY); DROP SCHEMA IF EXISTS other CASCADE; CREATE SCHEMA other;
       CREATE TABLE other.toys (pet integer REFERENCES pets)`,
      of('bigint'),
      'a foreign key of other.toys refers to it, which is in another schema',
    ],
    [
      'a foreign key that is deferrable',
      'CREATE TABLE pets (id integer PRIMARY KEY); CREATE TABLE toys (pet integer REFERENCES pets DEFERRABLE)',
      of('bigint'),
      'the constraint toys_pet_fkey, FOREIGN KEY (pet) REFERENCES pets(id) DEFERRABLE, cannot be there twice',
    ],
    [
      'a key that covers more columns',
      'CREATE TABLE pets (id integer, name text, PRIMARY KEY (id) INCLUDE (name))',
      of('bigint'),
      'the constraint pets_pkey, PRIMARY KEY (id) INCLUDE (name), cannot be there twice',
    ],
  ])('%s', async (_, sql, one, expected) => {
    expect(await migrations.refusal(sql, one)).toContain(expected);
  });

  it('a view that reads the column stops the change, and not the preparation', async () => {
    await migrations.reset(`${SMALL.sql}; CREATE VIEW ids AS SELECT id FROM pets`);
    await migrations.up(start);
    const before = await migrations.schema();
    await expect(migrations.upAfter(earlier, end)).rejects.toThrow(
      'expected that nothing but indexes and constraints goes on with it, found view ids. Write a schema.sql before this',
    );
    expect(await migrations.schema()).toEqual(before);
  });
});

it('a change that was not prepared is refused on a table, with the line that prepares it', async () => {
  expect(await migrations.refusal(SMALL.sql, end)).toContain(
    "schema.changeColumn('pets', 'id', { type: 'bigint' }, { overlap: true }), and run this one when each release",
  );
});

it('a column for which another type is prepared gets no other name, and may be removed', async () => {
  const kind = KINDS['a number with digits'];
  if (!kind) throw new Error('There is no such kind.');
  await migrations.reset(kind.sql);
  await migrations.up(prepare(kind));
  const rename = { name: '2.js', up: (schema: Schema) => schema.renameColumn('pets', 'id', 'weight') };
  await expect(migrations.up(rename)).rejects.toThrow(
    "Finish that first: schema.changeColumn('pets', 'id', { type: 'numeric(12,4)', … })",
  );
  await migrations.up({ name: '2.js', up: (schema) => schema.removeColumn('pets', 'id', kind.was) });
  expect((await migrations.schema()).filter((line) => line.includes('overlap'))).toEqual([]);
});
