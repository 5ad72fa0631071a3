import type { Schema } from '../../src/vocabulary';
import { change, created, prepare, SMALL, WITH_ROWS } from '../support/conversions';
import { useMigrations } from '../support/migrations';

// A column gets a type for which PostgreSQL would rewrite the table: one migration prepares it, a later one makes the change.

const migrations = useMigrations();

const schema = () => migrations.schema();

it('what is written to either type is in the other one, and in the one that an undo restores', async () => {
  const kind = WITH_ROWS;
  const before = [created(kind), prepare(kind)];
  await migrations.reset(kind.sql);
  await migrations.up(prepare(kind));
  await migrations.query(`INSERT INTO pets (name) VALUES ('new'); UPDATE pets SET id = 5000 WHERE id = 2; DELETE FROM pets WHERE id = 3;
    INSERT INTO pets (id, name) VALUES (1, 'not inserted') ON CONFLICT (id) DO NOTHING`);
  const ids = async () =>
    (await migrations.query('SELECT id FROM pets ORDER BY 1')).map(({ id }) => Number(id));
  const written = await ids();
  await migrations.upAfter(before, change(kind));
  expect(await ids()).toEqual(written);
  await migrations.query(
    `INSERT INTO pets (name) VALUES ('newer'); UPDATE pets SET id = 6000 WHERE id = 4; DELETE FROM pets WHERE id = 5`,
  );
  const rewritten = await ids();
  await migrations.downAfter(before, change(kind));
  expect(await ids()).toEqual(rewritten);
  expect(await migrations.query('SELECT * FROM toys WHERE pet NOT IN (SELECT id FROM pets)')).toEqual([]);
  const [next] = await migrations.query("INSERT INTO pets (name) VALUES ('newest') RETURNING id");
  expect(Number(next?.['id'])).toBe(1503);
});

it('the change is not undone while a value does not fit into the type from before, and the message lists these', async () => {
  const kind = WITH_ROWS;
  const before = [created(kind), prepare(kind)];
  await migrations.reset(kind.sql);
  await migrations.up(prepare(kind));
  await migrations.upAfter(before, change(kind));
  await migrations.query("INSERT INTO pets (id, name) VALUES (3000000000, 'many')");
  const done = await schema();
  const error: unknown = await migrations.downAfter(before, change(kind)).catch((reason: unknown) => reason);
  expect(String(error)).toContain('expected values that type integer holds, found others: SELECT * FROM');
  const [, query = ''] = /others: (SELECT .*?);/.exec(String(error)) ?? [];
  expect(await migrations.query(query)).toMatchObject([{ name: 'many' }]);
  expect(await schema()).toEqual(done);
});

it('says what comes next, but where the same migration does it', async () => {
  await migrations.reset(SMALL.sql);
  await migrations.up(prepare(SMALL));
  expect(migrations.lines.join('\n')).toContain(
    "column pets.id stays integer, and is ready to be bigint: when each release that runs can read that, which node-postgres returns as a string, a later migration makes it so, briefly: schema.changeColumn('pets', 'id', { type: 'bigint', … })",
  );
  await migrations.reset(SMALL.sql);
  const both = {
    name: '1.js',
    up: (schema: Schema) => [prepare(SMALL), change(SMALL)].forEach(({ up }) => void up(schema)),
  };
  await migrations.up(both);
  expect(migrations.lines.join('\n')).not.toContain('is ready to be');
  const [row] = await migrations.query('SELECT pg_typeof(id)::text AS type FROM pets LIMIT 1');
  expect(row).toEqual({ type: 'bigint' });
});
