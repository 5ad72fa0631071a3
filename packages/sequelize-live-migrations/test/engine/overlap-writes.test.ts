import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { closeSessions, openSession } from '../support/session';

// What the two names of a column have after a statement that writes one of them, or both.

const migrations = useMigrations();

afterAll(() => closeSessions());

const start = {
  name: '1.js',
  up: (schema: Schema) => schema.renameColumn('pets', 'name', 'title', { overlap: true }),
};

/** Four rows, and a column with a default. */
async function overlap(more = ''): Promise<void> {
  await migrations.reset(`CREATE TABLE pets (id serial PRIMARY KEY, name text DEFAULT 'none', age integer);
    INSERT INTO pets (name) SELECT 'n' || n FROM generate_series(1, 4) AS n; ${more}`);
  await migrations.up(start);
}

/** The names of the rows from the fifth on, or of all, which have to be equal. */
async function names(from = 5): Promise<unknown[]> {
  const rows = await migrations.query(`SELECT name, title FROM pets WHERE id >= ${String(from)} ORDER BY id`);
  rows.forEach(({ name, title }) => expect(title).toBe(name));
  return rows.map(({ title }) => title);
}

it.each([
  ['one row, by the old name', "(name) VALUES ('a')", ['a']],
  ['one row, by the new name', "(title) VALUES ('a')", ['a']],
  ['the new name as null, where the old one has a default', '(title) VALUES (NULL)', [null]],
  ['the old name as null', '(name) VALUES (NULL)', [null]],
  ['neither', '(age) VALUES (1)', ['none']],
  ['the new name as DEFAULT', '(title) VALUES (DEFAULT)', ['none']],
  ['several rows, by the old name', "(name) VALUES ('a'), (NULL), (DEFAULT)", ['a', null, 'none']],
  ['several rows, by the new name', "(title) VALUES (DEFAULT), ('a'), (NULL)", ['none', 'a', null]],
  [
    'rows of a query, in an order',
    "(title) SELECT x FROM unnest(ARRAY['b', NULL, 'a']) AS x ORDER BY x",
    ['a', 'b', null],
  ],
  ['both, and the same', "(name, title) VALUES ('a', 'a')", ['a']],
  ['both, and the old one is null', "(name, title) VALUES (NULL, 'a')", ['a']],
])('an INSERT of %s', async (_, insert, expected) => {
  await overlap();
  await migrations.query(`INSERT INTO pets ${insert}`);
  expect(await names()).toEqual(expected);
});

it.each([
  ['the old name', "name = 'a' WHERE id = 1", ['a', 'n2', 'n3', 'n4']],
  ['the new name', "title = 'a' WHERE id = 1", ['a', 'n2', 'n3', 'n4']],
  ['the new name, to null', 'title = NULL WHERE id < 3', [null, null, 'n3', 'n4']],
  ['the old name, to null', 'name = NULL WHERE id < 3', [null, null, 'n3', 'n4']],
  ['the old name, to its default', 'name = DEFAULT WHERE id = 1', ['none', 'n2', 'n3', 'n4']],
  ['another column', 'age = 1', ['n1', 'n2', 'n3', 'n4']],
  ['both, to the same', "name = 'a', title = 'a' WHERE id = 1", ['a', 'n2', 'n3', 'n4']],
  ['both, of which the new one stays', "name = 'a', title = title WHERE id = 1", ['a', 'n2', 'n3', 'n4']],
  ['both, of which the old one stays', "name = name, title = 'a' WHERE id = 1", ['a', 'n2', 'n3', 'n4']],
  ['one by the other', "title = name || '!' WHERE id = 1", ['n1!', 'n2', 'n3', 'n4']],
])('an UPDATE of %s', async (_, update, expected) => {
  await overlap();
  await migrations.query(`UPDATE pets SET ${update}`);
  expect(await names(1)).toEqual(expected);
});

it.each([
  [
    'both names, to different values',
    "UPDATE pets SET name = 'a', title = 'b'",
    'columns name and title of table pets are set to different values',
  ],
  [
    'the new name, to DEFAULT',
    'UPDATE pets SET title = DEFAULT',
    'column title of table pets cannot be set to DEFAULT',
  ],
])('an UPDATE of %s is an error, since nobody can know what is meant', async (_, sql, message) => {
  await overlap();
  await expect(migrations.query(sql)).rejects.toMatchObject({ message, code: '23514' });
  expect(await names(1)).toEqual(['n1', 'n2', 'n3', 'n4']);
});

it('a row that is not filled yet can be written by either name', async () => {
  await overlap();
  await migrations.query(`ALTER TABLE pets DISABLE TRIGGER ALL; UPDATE pets SET title = NULL; ALTER TABLE pets ENABLE TRIGGER ALL;
    UPDATE pets SET name = 'a' WHERE id = 1; UPDATE pets SET title = 'b' WHERE id = 2; UPDATE pets SET title = NULL WHERE id = 3;
    UPDATE pets SET age = 1 WHERE id = 4`);
  expect(await names(1)).toEqual(['a', 'b', null, 'n4']);
});

it('triggers of the application come in between, and what logical replication applies is written to both', async () => {
  await overlap(`CREATE FUNCTION lower_name() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := lower(NEW.name); RETURN NEW; END';
    CREATE TRIGGER lower_name BEFORE INSERT OR UPDATE ON pets FOR EACH ROW EXECUTE FUNCTION lower_name()`);
  await migrations.query("INSERT INTO pets (title) VALUES ('A'); INSERT INTO pets (name) VALUES ('B')");
  expect(await names()).toEqual(['a', 'b']);
  await migrations.query(`SET session_replication_role = replica; INSERT INTO pets (title) VALUES ('C');
    UPDATE pets SET name = 'D' WHERE id = 1`);
  expect(await names(7)).toEqual(['C']);
  expect((await names(1))[0]).toBe('D');
});

it('rows with both columns, as from a dump, have the values that they have', async () => {
  await overlap();
  await migrations.query(`CREATE TABLE dumped AS SELECT id + 10 AS id, name, age, title FROM pets;
    INSERT INTO pets (id, name, age, title) TABLE dumped`);
  expect(await names(11)).toEqual(['n1', 'n2', 'n3', 'n4']);
});

it.each([
  ['ON UPDATE CASCADE', "UPDATE owners SET id = 'b' WHERE id = 'a'", ['b', 'b', 'c']],
  ['ON DELETE CASCADE', "DELETE FROM owners WHERE id = 'a'", ['c']],
  ['ON DELETE SET NULL', "DELETE FROM owners WHERE id = 'a'", [null, null, 'c']],
])('a foreign key of the column acts on both names: %s', async (action, sql, expected) => {
  await overlap(`CREATE TABLE owners (id text PRIMARY KEY); INSERT INTO owners SELECT unnest(ARRAY['a', 'c']); UPDATE pets SET name = NULL;
    ALTER TABLE pets ADD FOREIGN KEY (name) REFERENCES owners ${action}`);
  await migrations.query(
    "INSERT INTO pets (name) VALUES ('a'); INSERT INTO pets (title) VALUES ('a'), ('c')",
  );
  await migrations.query(sql);
  expect(await names()).toEqual(expected);
  await expect(migrations.query("INSERT INTO pets (title) VALUES ('x')")).rejects.toMatchObject({
    code: '23503',
  });
});

describe('on a column that is unique', () => {
  const upserts = 60;

  /** Upserts by one name, each a value that others upsert at the same time. */
  async function upsertAll(column: string, kind: number): Promise<void> {
    const session = await openSession(migrations.database, column);
    for (let n = 0; n < upserts; n += 1) {
      const first = n % 38;
      const values = kind === 0 ? [first] : [first, first + 1, first + 2];
      const rows = values.map((value) => `('v${String(value)}', 1)`).join(', ');
      await session.query(
        `INSERT INTO pets AS p (${column}, age) VALUES ${rows} ON CONFLICT (${column}) DO UPDATE SET age = p.age + 1`,
      );
    }
  }

  it.each([
    ['one row', 0, 1],
    ['several rows', 1, 3],
  ])('upserts of %s by both names at once all succeed, and each counts', async (_, kind, rows) => {
    await overlap('UPDATE pets SET age = 0; ALTER TABLE pets ADD UNIQUE (name)');
    const writers = ['name', 'title', 'name', 'title'];
    await Promise.all(writers.map((column) => upsertAll(column, kind)));
    const [sum] = await migrations.query("SELECT sum(age)::int AS sum FROM pets WHERE name LIKE 'v%'");
    expect(sum).toEqual({ sum: writers.length * upserts * rows });
    await names(1);
  });

  it('a statement of many rows takes few locks', async () => {
    await overlap('ALTER TABLE pets ADD UNIQUE (name)');
    const session = await openSession(migrations.database);
    await session.query("BEGIN; INSERT INTO pets (title) SELECT 'v' || n FROM generate_series(1, 3000) AS n");
    const { rows } = await session.query(
      "SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    );
    await session.query('COMMIT');
    expect(rows).toEqual([{ locks: 32 }]);
    expect(await names()).toHaveLength(3000);
  });
});
