import type { TestDatabase } from './database';
import { plainProject } from './plain-project';
import { planOf } from './plan-of';
import { schemaOf } from './schema';

/** The script for some migrations, by their names; nothing of them may be left. */
export async function scriptOf(
  database: TestDatabase,
  migrations: Readonly<Record<string, string>>,
): Promise<string> {
  const [schema, rows] = [await schemaOf(database), await rowsOf(database, 'pets')];
  const script = await planOf(plainProject(migrations), database, '--run-plain');
  expect([await schemaOf(database), await rowsOf(database, 'pets')]).toEqual([schema, rows]);
  const sessions =
    "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
  expect(await database.query(sessions)).toEqual([]);
  return script;
}

async function rowsOf(database: TestDatabase, table: string) {
  const [{ exists } = {}] = await database.query(`SELECT to_regclass('${table}') IS NOT NULL AS exists`);
  return exists === true ? database.query(`SELECT * FROM ${table} ORDER BY 1`) : [];
}

/** What is said of a migration. */
export const partOf = (script: string, name: string) =>
  script.split('\n\n-- ').find((part) => part.startsWith(name)) ?? '';
