import fs from 'node:fs';
import path from 'node:path';
import { typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { copyFixture, removeCopies } from '../support/fixture-project';
import { recordsOf } from '../support/schema';

// The real process is killed between two batches of 50,000 rows: the same command does the rest, and no row twice.

afterAll(removeCopies);
afterAll(() => dropDatabases());

const NAME = '20250801-rows.js';
const ROWS = 50_000;

const TABLES = `CREATE TABLE notes (id uuid PRIMARY KEY, n integer, body jsonb);
  INSERT INTO notes SELECT md5(n::text)::uuid, n, jsonb_build_object('text', 'é ''$1'' {last} ' || n) FROM generate_series(1, ${String(ROWS)}) AS n;
  CREATE TABLE written (id uuid); CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO written VALUES (old.id); RETURN coalesce(new, old); END $$;
  CREATE TRIGGER note BEFORE UPDATE OR DELETE ON notes FOR EACH ROW EXECUTE FUNCTION note()`;

/** A copy of the project that has a migration more, which declares this. */
function projectWith(up: string): string {
  const root = copyFixture();
  const text = `const { DataTypes, literal } = require('sequelize');
    const { migration } = require('sequelize-live-migrations');
    module.exports = migration(__filename, { up(schema) { ${up} } });`;
  fs.writeFileSync(path.join(root, 'migrations', NAME), text);
  return root;
}

/** Starts db:migrate, and kills it when a query finds a row. */
async function killWhen(isBegun: string, root: string, { url, query }: TestDatabase): Promise<void> {
  const child = typedIn(root).startSequelizeCli('db:migrate', url);
  const closed = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
  await eventually('some batches are written', async () => (await query(isBegun)).length > 0);
  child.kill('SIGKILL');
  expect(await closed).toBe('SIGKILL');
}

it.each<[string, string, string, string]>([
  [
    'updated',
    "schema.bulkUpdate('notes', { body: literal(`body || '{\"done\": [\"$2\"]}'`) }, literal(`NOT body ? 'done'`));",
    "SELECT FROM notes WHERE body ? 'done' LIMIT 1",
    "SELECT count(*)::int FROM notes WHERE body->'done' = '[\"$2\"]' AND body->>'text' = 'é ''$1'' {last} ' || n",
  ],
  [
    'deleted',
    "schema.bulkDelete('notes', literal('true'));",
    'SELECT FROM written LIMIT 1',
    'SELECT count(*)::int FROM written WHERE NOT EXISTS (SELECT FROM notes)',
  ],
  [
    'inserted',
    `schema.createTable('copies', { id: { type: DataTypes.UUID, primaryKey: true }, n: { type: DataTypes.INTEGER } });
     schema.bulkInsert('copies', literal('SELECT id, n FROM notes'));
     schema.bulkUpdate('copies', { n: literal('-n') }, literal('n > 0'));`,
    "SELECT FROM pg_class WHERE relname = 'copies' AND pg_relation_size(oid) > 100000",
    'SELECT count(*)::int FROM copies c JOIN notes USING (id) WHERE c.n = -notes.n',
  ],
])('rows are %s by a run that is killed, and by the next one', async (_, up, isBegun, done) => {
  const root = projectWith(up);
  const database = await createDatabase();
  await typedIn(root).succeed('db:migrate --to 20250301-create-toys', database.url);
  await database.query(TABLES);
  await killWhen(isBegun, root, database);
  expect(await recordsOf(database)).not.toContain(NAME);
  await typedIn(root).succeed('db:migrate', database.url);
  expect(await recordsOf(database)).toContain(NAME);
  expect(await database.query(done)).toEqual([{ count: ROWS }]);
  expect(await database.query('SELECT FROM written GROUP BY id HAVING count(*) > 1')).toEqual([]);
});
