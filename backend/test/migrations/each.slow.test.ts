import { createDatabase, createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { ALIGN, BASELINE, migrate, STATUS } from '../support/first-five';
import { recordsOf, SCHEMA, schemaOf } from '../support/schema';

// More of these are in each.test.ts.

let migrated: TestDatabase;

beforeAll(async () => {
  migrated = await createDatabase();
  await up(BASELINE, migrated);
});

afterAll(() => dropDatabases());

const up = (name: string, database: TestDatabase) => migrate(database, (umzug) => umzug.up({ to: name }));
const down = (name: string, database: TestDatabase) => migrate(database, (umzug) => umzug.down(name));

describe('the baseline', () => {
  it('leaves tables that exist, and undoing it leaves them too, and says why', async () => {
    const database = await createDatabaseLike('1-before-the-migrations');
    const stdout = await up(BASELINE, database);
    expect(stdout).toContain('table user_sessions is there already: left as it is');
    const undo = await down(BASELINE, database);
    expect(undo).toMatch(/table sections is left as it is: it holds rows; .*questions depends on it/);
    expect(undo).toContain('table user_sessions is left as it is: it holds rows');
    expect(await database.query('SELECT FROM user_sessions')).toHaveLength(3);
    expect(await database.query('SELECT FROM sections')).toHaveLength(3);
  });

  it('keeps an empty table that somebody has added a column to', async () => {
    const database = await createDatabase(migrated);
    await database.query('ALTER TABLE sections ADD COLUMN notes text');
    const stdout = await down(BASELINE, database);
    expect(stdout).toContain(
      'table sections is left as it is: it has other columns than the migration declares (notes)',
    );
    expect(stdout).toContain('the foreign key of sections depends on it');
  });

  it('is not undone over a table that only has a name like ours', async () => {
    const database = await createDatabase(migrated);
    await database.query(
      'CREATE TABLE undone_tasks (id integer PRIMARY KEY, session_id uuid REFERENCES user_sessions)',
    );
    expect(await down(BASELINE, database)).toContain('the foreign key of undone_tasks depends on it');
    expect(await schemaOf(database)).toContain('undone_tasks id integer not null');
  });
});

describe('all of them', () => {
  it('are recorded in a SequelizeMeta with timestamps, as sequelize-cli makes it on demand', async () => {
    const database = await createDatabase();
    await database.query(
      'CREATE TABLE "SequelizeMeta" (name text PRIMARY KEY, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL)',
    );
    await up(STATUS, database);
    expect(await recordsOf(database)).toEqual([BASELINE, STATUS]);
  });

  it('work in a schema that only the search_path names', async () => {
    const database = await createDatabase();
    await database.query('CREATE SCHEMA "my-app"');
    const inApp = new URL(database.url);
    inApp.searchParams.set('options', '-c search_path="my-app"');
    const url = inApp.href.replaceAll('+', '%20');
    await up(ALIGN, { ...database, url });
    const names = await database.query(
      `SELECT tablename, schemaname FROM pg_tables WHERE schemaname IN ('my-app', '${SCHEMA}') ORDER BY tablename`,
    );
    expect(names.map(({ schemaname, tablename }) => `${String(schemaname)}.${String(tablename)}`)).toEqual([
      'my-app.SequelizeMeta',
      'my-app.conversation_messages',
      'my-app.sections',
      'my-app.user_sessions',
    ]);
    await migrate({ ...database, url }, (umzug) => umzug.down({ to: 0 }));
    expect(await database.query("SELECT FROM pg_type WHERE typtype = 'e'")).toEqual([]);
  });
});
