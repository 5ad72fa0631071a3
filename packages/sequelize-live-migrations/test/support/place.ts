import type { TestDatabase } from './database';

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
