import { SCHEMA_SQL } from '../../src/testing/schema';
import type { TestDatabase } from './database';

export { SCHEMA } from './schema-name';

/** Everything that the schemas of a database hold, one line for each thing, sorted. */
export async function schemaOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query(SCHEMA_SQL);
  return rows.map(({ line }) => String(line)).sort();
}

/** The names in SequelizeMeta, in order. */
export async function recordsOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT name FROM "SequelizeMeta" ORDER BY name');
  return rows.map(({ name }) => String(name));
}
