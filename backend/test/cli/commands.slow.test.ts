import { succeed } from '../support/cli';
import {
  createDatabase,
  createMigratedDatabase,
  dropDatabases,
  type TestDatabase,
} from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { recordsOf, schemaOf } from '../support/schema';

let migrated: TestDatabase;

beforeAll(async () => {
  migrated = await createMigratedDatabase();
});

afterAll(() => dropDatabases());

describe('db:migrate', () => {
  it('has nothing to do the second time', async () => {
    const before = await schemaOf(migrated);
    const { stdout } = await succeed('db:migrate', migrated.url);
    expect(stdout).toContain('No migrations were executed, database schema was already up to date.');
    expect(await schemaOf(migrated)).toEqual(before);
  });
});

describe('db:migrate:undo --to NAME', () => {
  it('may be said twice, as after a crash: where NAME is undone already, it undoes nothing', async () => {
    const database = await createDatabase(migrated);
    const line = 'db:migrate:undo --to=20250723-add-version-to-sections.js';
    await succeed(line, database.url);
    const [records, schema] = [await recordsOf(database), await schemaOf(database)];
    expect(records).toEqual(MIGRATIONS.filter((name) => !name.includes('add-version-to-sections')));
    const { stdout } = await succeed(line, database.url);
    expect(stdout).toContain('20250723-add-version-to-sections.js has not run, or is undone already.');
    expect(stdout).not.toContain('No executed migrations found');
    expect([await recordsOf(database), await schemaOf(database)]).toEqual([records, schema]);
  });
});
