import fs from 'node:fs';
import path from 'node:path';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateUp, plainProject } from '../support/plain-project';
import { recordsOf } from '../support/schema';

// The forms in which migrations are written, each run as it is, and logged under the name of its file.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

const BODY = "await q.createTable('toys', { id: S.INTEGER });";
const UP = `async (q, S) => { ${BODY} }`;
const DOWN = "async (q) => { await q.dropTable('toys'); }";

/** Files of a project beside its migrations. */
type Files = Readonly<Record<string, string>>;

function project(name: string, text: string, others: Files = {}): string {
  const root = plainProject({ [name]: text });
  for (const [file, content] of Object.entries(others)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  }
  return root;
}

describe('a database that has logged it with another ending knows it', () => {
  it.each([
    ['1-toys.ts', '1-toys.js'],
    ['1-toys.js', '1-toys.cjs'],
  ])('%s, and now %s', async (logged, name) => {
    const root = project(name, `module.exports = { up: ${UP}, down: ${DOWN} };`);
    await database.query(
      `CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY); INSERT INTO "SequelizeMeta" VALUES ('${logged}')`,
    );
    await migrateUp(root, database);
    expect(await recordsOf(database)).toEqual([logged]);
  });
});
