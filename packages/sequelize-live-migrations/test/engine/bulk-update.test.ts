import { col, DataTypes, fn, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { PETS, ROWS, update } from '../support/bulk-update';
import { createRole } from '../support/database';
import { useMigrations } from '../support/migrations';
import { usePlanner } from '../support/planner';
import { SCHEMA } from '../support/schema';

const migrations = useMigrations();
const planner = usePlanner();

describe('rows that match a condition get values', () => {
  it.each<[string, Parameters<Schema['bulkUpdate']>, string]>([
    ['by a value', ['pets', { kind: 'cat' }, { age: 3 }], "kind = 'cat' AND age = 3"],
    ['by several', ['pets', { name: 'x' }, { age: [1, 2], kind: 'dog' }], "name = 'x' AND age IN (1, 2)"],
    ['by operators', ['pets', { age: 0 }, { age: { [Op.between]: [1, 9] } }], 'age = 0'],
    ['by SQL', ['pets', { age: -1 }, literal('id % 2 = 0 -- even')], 'age = -1 AND id % 2 = 0'],
    [
      'that read themselves, once',
      ['pets', { name: literal("name || '!'"), kind: 'cat' }, { kind: 'dog', age: 5 }],
      "kind = 'cat' AND name ~ '^n\\d+!$'",
    ],
    ['all of them', ['pets', { age: null }, literal('true')], 'age IS NULL'],
    ['SQL', ['pets', { name: literal('id || $$;$$ -- a note') }, { age: 4 }], "name = id || ';'"],
    ['a function', ['pets', { name: fn('upper', col('name')) }, literal("name ~ '^n'")], "name ~ '^N'"],
    ['a key', ['pets', { id: literal('-id') }, { id: { [Op.gt]: 0 } }], 'id < 0'],
  ])('%s', async (_, args, done) => {
    await migrations.reset(`${PETS}; ${ROWS}`);
    const one = update(...args);
    const [before] = await migrations.query('SELECT count(*) FROM pets');
    await migrations.up(one);
    const [after] = await migrations.query(
      `SELECT count(*), count(*) FILTER (WHERE ${done}) AS done FROM pets`,
    );
    expect(after?.['count']).toBe(before?.['count']);
    expect(Number(after?.['done'])).toBeGreaterThan(200);
    expect(await migrations.purposes(one)).toEqual([]);
  });

  it('with quotes, and with what stands for something elsewhere', async () => {
    await migrations.reset(`${PETS}; ${ROWS}`);
    const name = "it's $1 $$ \\ ? :x {last} \n é\u{1F600}";
    await migrations.up(update('pets', { name }, { age: 1 }));
    expect(await migrations.query('SELECT DISTINCT name FROM pets WHERE age = 1')).toEqual([{ name }]);
  });

  it('of every type', async () => {
    const columns = `born timestamptz, seen date, at timestamp, tags jsonb, raw json, labels text[], kinds enum_pets_kind[],
      grid integer[], picture bytea, size numeric(10, 2), ratio float8, big bigint, good boolean, code char(5), id2 uuid`;
    await migrations.reset(
      `${PETS}; ALTER TABLE pets ADD ${columns.split(/,(?! 2)/).join(', ADD')}; ${ROWS}`,
    );
    const at = new Date('2026-02-28T23:59:59.123Z');
    const values = {
      born: at,
      seen: '2026-02-28',
      at: '2026-02-28 01:02:03.456',
      tags: { body: ['it\'s "$1"', { é: null }] },
      raw: '{"a":  1}',
      labels: ["it's", 'a,b', '{}', '', null],
      kinds: ['cat', 'dog'],
      grid: [
        [1, 2],
        [3, 4],
      ],
      picture: Buffer.from([0, 255]),
      size: '12345.67',
      ratio: NaN,
      big: 9007199254740993n,
      good: true,
      code: 'ab',
      id2: '00000000-0000-4000-8000-000000000001',
    };
    const one = update('pets', values, { age: 7 });
    await migrations.up(one);
    const [row] = await migrations.query('SELECT * FROM pets WHERE age = 7 LIMIT 1');
    const expected = {
      raw: { a: 1 },
      kinds: '{cat,dog}',
      big: '9007199254740993',
      code: 'ab   ',
      tags: values.tags,
    };
    const { seen, at: local, ...rest } = values;
    expect(row).toMatchObject({ ...rest, ...expected });
    const read = await migrations.query(`SELECT seen::text, at::text FROM pets WHERE age = 7 LIMIT 1`);
    expect(read).toEqual([{ seen, at: local }]);
    expect(await migrations.purposes(one)).toEqual([]);
  });

  it.each([
    ['a key of two columns', 'PRIMARY KEY (kind, id)'],
    ['no key', 'CHECK (true)'],
  ])('in a table with %s, each row once, in batches that an application can work between', async (_, key) => {
    await migrations.reset(`CREATE TABLE pets (id integer NOT NULL, kind text NOT NULL, age integer, ${key});
      INSERT INTO pets SELECT n, CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END, n % 10 FROM generate_series(1, 2500) AS n;
      CREATE TABLE updates (id integer, at xid8);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO updates VALUES (new.id, pg_current_xact_id()); RETURN new; END $$;
      CREATE TRIGGER note BEFORE UPDATE ON pets FOR EACH ROW EXECUTE FUNCTION note()`);
    await migrations.up(update('pets', { age: -1 }, { age: { [Op.gte]: 5 } }));
    expect(await migrations.query('SELECT count(*)::int FROM pets WHERE age = -1')).toEqual([
      { count: 1250 },
    ]);
    const [seen] = await migrations.query(
      'SELECT count(*)::int, count(DISTINCT id)::int AS rows, count(DISTINCT at)::int AS batches FROM updates',
    );
    expect(seen).toMatchObject({ count: 1250, rows: 1250 });
    expect(Number(seen?.['batches'])).toBeGreaterThan(1);
  });

  it('in a partitioned table without a key, also where rows move to another partition', async () => {
    await migrations.reset(`CREATE TABLE pets (id integer, age integer) PARTITION BY RANGE (age);
      CREATE TABLE young PARTITION OF pets FOR VALUES FROM (0) TO (5); CREATE TABLE old PARTITION OF pets DEFAULT;
      INSERT INTO pets SELECT n, n % 10 FROM generate_series(1, 5000) AS n`);
    await migrations.up(update('pets', { age: 9 }, { age: { [Op.lt]: 8 } }));
    expect(await migrations.query('SELECT age, count(*)::int FROM pets GROUP BY age ORDER BY age')).toEqual([
      { age: 8, count: 500 },
      { age: 9, count: 4500 },
    ]);
  });

  it('and the run reports how many are done', async () => {
    await planner.reset(`${PETS}; ${ROWS}`);
    await planner.execute((schema) => schema.bulkUpdate('pets', { kind: 'cat' }, literal('true')));
    const done = planner.progress.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.length).toBeGreaterThan(3);
    expect(done.at(-1)).toBe(2500);
  });
});

it('a policy that hides rows is an error, and not a part of the rows', async () => {
  const role = await createRole('owner');
  await planner.reset(`GRANT ALL ON SCHEMA ${SCHEMA} TO ${role.name}; ${PETS}; ${ROWS}; ALTER TYPE enum_pets_kind OWNER TO ${role.name};
    ALTER TABLE pets OWNER TO ${role.name}; ALTER TABLE pets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY few ON pets USING (id < 10)`);
  const owner = planner.another(role);
  const states = [literal('true'), literal('id IN (SELECT 1)')].map(
    (where) => (schema: Schema) => schema.bulkUpdate('pets', { kind: 'cat' }, where),
  );
  for (const state of states) await expect(owner.migrate(state)).rejects.toThrow(/row-level security/);
  await owner.close();
  expect(await planner.database.query("SELECT FROM pets WHERE kind = 'cat'")).toEqual([]);
});

describe('an undo', () => {
  it('says in one line that rows stay, and a redo finds them done', async () => {
    await migrations.reset(`${PETS}; ${ROWS}`);
    const one = update('pets', { kind: 'cat' }, { age: 3 });
    await migrations.up(one);
    migrations.lines.length = 0;
    await migrations.down(one);
    expect(migrations.lines).toEqual([
      'rows of pets that were updated stay as they are: what they were before is not known',
    ]);
    expect(await migrations.query("SELECT FROM pets WHERE kind = 'cat'")).toHaveLength(250);
    expect(await migrations.purposes(one)).toEqual([]);
  });

  it('does as down says', async () => {
    await migrations.reset(`${PETS}; ${ROWS}`);
    const down = (schema: Schema) => schema.bulkUpdate('pets', { kind: 'dog' }, { kind: 'cat' });
    await migrations.down({ ...update('pets', { kind: 'cat' }, { age: 3 }), down });
    expect(await migrations.query("SELECT FROM pets WHERE kind = 'cat'")).toEqual([]);
    expect(migrations.lines).toEqual([]);
  });

  it('says nothing of rows whose column goes as well', async () => {
    const up = (schema: Schema) => {
      schema.addColumn('pets', 'size', { type: DataTypes.TEXT });
      schema.bulkUpdate('pets', { size: 'S' }, literal('true'));
    };
    await migrations.reset(PETS);
    const before = await migrations.schema();
    await migrations.up({ name: 'one.js', up });
    await migrations.down({ name: 'one.js', up });
    expect(await migrations.schema()).toEqual(before);
    expect(migrations.lines).not.toContainEqual(expect.stringContaining('stay as they are'));
  });
});
