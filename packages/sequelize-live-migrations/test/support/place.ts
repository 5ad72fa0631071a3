import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { modelsOf } from '../../src/commands/models-of';
import { sequelizeCli } from './cli';
import { createDatabase, createRole, dropDatabases, type TestDatabase, urlFor } from './database';
import { fixtureProject } from './fixture-project';
import { migrate } from './migrator';
import { SCHEMA } from './schema';

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

/** What `check` says of a database, by the models of the fixture. */
export async function differencesOf({ url }: Pick<TestDatabase, 'url'>): Promise<string[]> {
  return differencesFromModels(url, await modelsOf(fixtureProject()));
}

/** What `db:migrate` says where it refuses a search_path that was typed, because of its first schema. */
export async function typedSchemaRefusal(database: TestDatabase, searchPath: string): Promise<string> {
  const url = withPath(database, searchPath.replaceAll(' ', '\\ '));
  const { code, stderr } = await sequelizeCli('db:migrate', url);
  expect(code).toBe(1);
  expect(stderr).toContain('The search_path that was typed begins with schema');
  return stderr;
}

/** A migrated database, and its URL for a role that may use all of it, for which SQL has done something. */
export async function migratedForOwner(
  migratedAnd: ReturnType<typeof useMigrated>,
  sqlFor: (role: string, database: string) => string,
): Promise<{ readonly database: TestDatabase; readonly url: string }> {
  const { name, ...owner } = await createRole('owner');
  const grants = `GRANT ALL ON SCHEMA ${SCHEMA} TO ${name}; GRANT ALL ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${name}`;
  const database = await migratedAnd(grants);
  await database.query(sqlFor(name, new URL(database.url).pathname.slice(1)));
  return { database, url: urlFor({ name, ...owner }, database.url) };
}

/** What a run, an undo, the list of what has run and the comparison with the models say; what succeeds says nothing. */
export async function refusalsOf(url: string): Promise<string[]> {
  const works = [
    () => migrate({ url }, (umzug) => umzug.up()),
    () => migrate({ url }, (umzug) => umzug.down()),
    () => migrate({ url }, (umzug) => umzug.executed()),
    () => differencesOf({ url }),
  ];
  const refusals: string[] = [];
  for (const work of works) refusals.push(await work().then(() => '', String));
  return refusals;
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
