import { literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { rowsOf, serial, SESSIONS, SPLITS, text } from '../support/table-splits';

// A part of a table becomes one of its own, in one migration: nothing is lost, back and forth, wherever it is cut short.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

it.each(SPLITS)('%s: up, undone, done again', async (_, up, select) => {
  await migrations.reset(SESSIONS);
  const one = { name: 'one.js', up };
  const before = await rowsOf(migrations, 'SELECT id, project FROM sessions');
  await migrations.up(one);
  const after = await migrations.schema();
  expect(await rowsOf(migrations, select)).toEqual(before);
  await migrations.down(one);
  expect(await rowsOf(migrations, 'SELECT id, project FROM sessions')).toEqual(before);
  expect(await migrations.schema()).toContain('sessions project text not null');
  await migrations.up(one);
  expect(await rowsOf(migrations, select)).toEqual(before);
  expect((await migrations.schema()).filter(isNoTime)).toEqual(after.filter(isNoTime));
});

/** Whether a line of a schema is no comment on what is kept aside, which says when that was. */
function isNoTime(line: string): boolean {
  return !line.includes('Kept aside by');
}

it('rows that were written while it was undone are there when it is done again', async () => {
  await migrations.reset(SESSIONS);
  const [, up, select] = SPLITS[0] ?? [];
  if (!up || !select) throw new Error('There is no split.');
  const one = { name: 'one.js', up };
  await migrations.up(one);
  await migrations.query("UPDATE projects SET name = 'Mine' WHERE name LIKE 'Project 7 %'");
  await migrations.down(one);
  await migrations.query("INSERT INTO sessions VALUES (gen_random_uuid(), 'New', 1)");
  await migrations.up(one);
  const found = await rowsOf(migrations, select);
  expect(found).toHaveLength(601);
  expect(found.filter((row) => row.includes('Mine'))).toHaveLength(12);
  expect(found.filter((row) => row.includes('New'))).toHaveLength(1);
});

it.each([
  ['several of the same key', 'SELECT size % 10 AS id, project AS name FROM sessions', 10],
  ['without a key', 'SELECT nullif(size, 7) AS id, project AS name FROM sessions', 1],
])('rows that would be left out silently are found before one is inserted: %s', async (_, query, count) => {
  await migrations.reset(SESSIONS);
  const up = (schema: Schema) => {
    schema.createTable('projects', { id: serial, name: text });
    schema.bulkInsert('projects', literal(query));
  };
  const error = String(await migrations.up({ name: 'one.js', up }).catch((reason: unknown) => reason));
  expect(error).toMatch(
    /bulkInsert into projects: expected a row for each id, found several, or none: SELECT/,
  );
  const list = /: (SELECT "id"[^;]*);/.exec(error)?.[1] ?? '';
  expect(await migrations.query(list)).toHaveLength(count);
  expect(await migrations.query('SELECT FROM projects')).toEqual([]);
});

it('into a table that was there: an undo deletes what is still as it was selected', async () => {
  await migrations.reset(`${SESSIONS}; CREATE TABLE projects (id uuid PRIMARY KEY, name text);
    INSERT INTO projects VALUES ('00000000-0000-4000-8000-000000000001', 'mine'), (md5('1')::uuid, 'mine, too')`);
  const up = (schema: Schema) =>
    schema.bulkInsert('projects', literal('SELECT id, project AS name FROM sessions'));
  const one = { name: 'one.js', up };
  await migrations.up(one);
  expect(await migrations.query('SELECT FROM projects')).toHaveLength(601);
  await migrations.query("UPDATE projects SET name = 'changed' WHERE id = md5('2')::uuid");
  migrations.lines.length = 0;
  await migrations.down(one);
  const names = await migrations.query('SELECT name FROM projects ORDER BY name');
  expect(names).toEqual([{ name: 'changed' }, { name: 'mine' }, { name: 'mine, too' }]);
  expect(migrations.lines.at(-1)).toMatch(/^2 rows that were inserted into projects stay/);
});
