import { createDatabase, dropDatabases, type TestDatabase } from './database';
import { migrate } from './migrator';

/**
 * Migrates a database for a test file, where the search_path says, and gives it a row.
 *
 * @returns what makes a database of the same kind, with some more in it
 */
export function useMigrated(): (sql?: string) => Promise<TestDatabase> {
  let migrated: TestDatabase;

  beforeAll(async () => {
    migrated = await createDatabase();
    await migrate(migrated, (umzug) => umzug.up());
    await migrated.query("INSERT INTO pets (name) VALUES ('Rex')");
  });

  afterAll(() => dropDatabases());

  return async (sql) => {
    const database = await createDatabase(migrated);
    if (sql !== undefined) await database.query(sql);
    return database;
  };
}

/** The URL of a database with another search_path. */
export function withPath({ url }: TestDatabase, searchPath: string): string {
  const theirs = new URL(url);
  theirs.searchParams.set('options', `-c search_path=${searchPath}`);
  return theirs.href.replaceAll('+', '%20');
}

/** The tables of some schemas, by schema. */
export async function tablesIn(database: TestDatabase, ...schemas: readonly string[]): Promise<string[]> {
  const rows = await database.query(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('${schemas.join("', '")}') ORDER BY 1`,
  );
  return rows.map(({ name }) => String(name));
}

/** What the migration log of a schema has. */
export async function logIn(database: TestDatabase, schema: string): Promise<string[]> {
  const rows = await database.query(`SELECT name FROM ${schema}."SequelizeMeta" ORDER BY name`);
  return rows.map(({ name }) => String(name));
}
