import type { TestDatabase } from './database';
import { plainProject, upAndDown } from './plain-project';
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

/** What a migration makes that others read. */
export const CREATE = "await q.createTable('pets', { id: { type: S.INTEGER, primaryKey: true } });";

/** The script for a migration that fails between two others, which is printed with what it has sent. */
export async function scriptOfFailure(database: TestDatabase, up: string, message: string): Promise<string> {
  await database.query(
    'CREATE TABLE toys (id int PRIMARY KEY, of int REFERENCES toys DEFERRABLE INITIALLY DEFERRED)',
  );
  const script = await scriptOf(database, {
    '1-pets.js': upAndDown(CREATE),
    '2-fails.js': upAndDown(`await sql('SELECT 1'); ${up}`),
    '3-name.js': upAndDown("await q.addColumn(table('pets'), 'name', S.TEXT);"),
  });
  const part = partOf(script, '2-fails.js');
  expect(part).toContain('--   SELECT 1;\n');
  expect(part).toMatch(
    new RegExp(`-- It fails: .*${message}.* In up of 2-fails\\.js.* It was rolled back\\.\n`, 's'),
  );
  return script;
}
