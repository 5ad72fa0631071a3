import path from 'node:path';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { ConversationMessage, Section, UserSession } from '../../src/models';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { dropDatabases, createMigratedDatabase, type TestDatabase } from '../support/database';
import { schemaOf } from '../support/schema';

afterAll(() => dropDatabases());

/** `npm run db:check`, without npm. */
const dbCheck = ({ url }: Pick<TestDatabase, 'url'>) =>
  run(process.execPath, [path.join(ROOT, 'packages/sequelize-live-migrations/bin.js'), 'check'], {
    env: { DATABASE_URL: url },
  });

const differencesOf = ({ url }: TestDatabase) =>
  differencesFromModels(url, [UserSession, Section, ConversationMessage]);

it('a migrated database matches the models: one line, exit code 0', async () => {
  const { code, stdout, stderr } = await dbCheck(await createMigratedDatabase());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Database live_migrations_run_\w+, schema public, matches the \d+ models\.\n$/);
});

it('each difference is a line, the exit code is 1, and the database is left as it is', async () => {
  const database = await createMigratedDatabase();
  await database.query('ALTER TABLE sections ALTER version TYPE bigint; DROP TABLE conversation_messages');
  const before = await schemaOf(database);
  const { code, stdout, stderr } = await dbCheck(database);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toBe(
    'table conversation_messages: expected that it is there, found no such table\n' +
      'column sections.version: expected type integer, found type bigint\n',
  );
  expect(await schemaOf(database)).toEqual(before);
});

it.each([
  [
    'a nullable column',
    'ALTER TABLE sections ALTER name DROP NOT NULL',
    'column sections.name: expected not null, found nullable',
  ],
  [
    'another default',
    'ALTER TABLE sections ALTER version SET DEFAULT 7',
    'column sections.version: expected default 1, found default 7',
  ],
  [
    'no foreign key',
    'ALTER TABLE sections DROP CONSTRAINT sections_session_id_fkey',
    /^table sections: expected foreign key \(session_id\) to user_sessions .*, found no foreign key on that column$/,
  ],
  [
    'other labels',
    "ALTER TYPE enum_user_sessions_status ADD VALUE 'lost'",
    'enum type enum_user_sessions_status: expected active, completed, archived, found active, completed, archived, lost',
  ],
  ['no index', 'DROP INDEX sections_name', 'index sections_name: expected btree (name), found no such index'],
  [
    'an index that is not valid',
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sections_name'::regclass",
    'index sections_name: expected valid, found invalid',
  ],
  [
    'another column',
    'ALTER TABLE sections ADD notes text',
    'column sections.notes: expected nothing, found type text',
  ],
  [
    'another index',
    'CREATE INDEX mine ON sections (id, name)',
    'index mine: expected nothing, found btree (id, name)',
  ],
  [
    'a check constraint',
    'ALTER TABLE sections ADD CONSTRAINT mine CHECK (id > 0)',
    'table sections: expected nothing, found check constraint mine',
  ],
  [
    'a table that was kept aside',
    'ALTER TABLE conversation_messages RENAME TO undone_conversation_messages',
    'table undone_conversation_messages: expected nothing, found a table that was kept aside, or replaced',
  ],
])('reports %s', async (_, sql, line) => {
  const database = await createMigratedDatabase();
  await database.query(sql);
  expect(await differencesOf(database)).toContainEqual(
    typeof line === 'string' ? line : expect.stringMatching(line),
  );
});

it('does not report tables that have no model', async () => {
  const database = await createMigratedDatabase();
  await database.query(
    'CREATE TABLE questions (id serial PRIMARY KEY); CREATE VIEW names AS SELECT name FROM sections',
  );
  expect(await differencesOf(database)).toEqual([]);
});

it('needs a role that may make temporary tables, and no right to change or to read the others', async () => {
  const database = await createMigratedDatabase();
  const role = `onlooker_${String(process.pid)}`;
  const name = new URL(database.url).pathname.slice(1);
  await database.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'onlooker'; GRANT USAGE ON SCHEMA public TO ${role}`,
  );
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'onlooker'];
  expect(await dbCheck({ url: url.href })).toMatchObject({ code: 0, stderr: '' });
  await database.query(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  const { code, stderr } = await dbCheck({ url: url.href });
  expect(code).toBe(1);
  expect(stderr).toContain('GRANT TEMPORARY ON DATABASE');
  await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
});
