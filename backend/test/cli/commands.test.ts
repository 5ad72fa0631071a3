import { succeed } from '../support/cli';
import {
  createDatabase,
  createMigratedDatabase,
  dropDatabases,
  type TestDatabase,
} from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { migrate } from '../support/migrator';
import { recordsOf, schemaOf } from '../support/schema';

let migrated: TestDatabase;

beforeAll(async () => {
  migrated = await createMigratedDatabase();
});

afterAll(() => dropDatabases());

describe('db:migrate', () => {
  it('takes a record that ends in .ts, as a run under ts-node leaves it, for the same migration', async () => {
    const database = await createDatabase(migrated);
    await database.query(`UPDATE "SequelizeMeta" SET name = replace(name, '.js', '.ts')`);
    await migrate(database, async (umzug) => {
      expect(await umzug.pending()).toEqual([]);
      await umzug.down();
    });
    expect(await recordsOf(database)).toHaveLength(MIGRATIONS.length - 1);
  });
});

describe('db:migrate:status', () => {
  it('lists what is up and what is down, and creates nothing on an empty database', async () => {
    const database = await createDatabase();
    const { stdout } = await succeed('db:migrate:status', database.url);
    expect(stdout.match(/^(up|down) .*/gm)).toEqual(MIGRATIONS.map((name) => `down ${name}`));
    expect(await schemaOf(database)).toEqual([]);
  });
});

describe('db:seed:all', () => {
  it('makes one session, two sections and three messages, also when it is run twice, and can be undone', async () => {
    const database = await createDatabase(migrated);
    const rows = `SELECT (SELECT count(*)::int FROM user_sessions) AS sessions,
      (SELECT count(*)::int FROM sections) AS sections,
      (SELECT count(*)::int FROM conversation_messages) AS messages`;
    await succeed('db:seed:all', database.url);
    await succeed('db:seed:all', database.url);
    expect(await database.query(rows)).toEqual([{ sessions: 1, sections: 2, messages: 3 }]);
    await succeed('db:seed:undo:all', database.url);
    expect(await database.query(rows)).toEqual([{ sessions: 0, sections: 0, messages: 0 }]);
  });
});

describe('db:drop and db:create', () => {
  it('drop and create the configured database', async () => {
    const database = await createDatabase();
    await database.query('CREATE TABLE something ()');
    await database.disconnect(); // with a session in it, it could not be dropped
    await succeed('db:drop', database.url);
    await expect(database.query('SELECT 1')).rejects.toThrow('does not exist');
    await succeed('db:create', database.url);
    expect(await schemaOf(database)).toEqual([]);
  });
});
