import * as kit from '../../src/testing/schema';
import type { TestDatabase } from './database';

/** Everything that the schemas of a database hold, one line for each thing, sorted. */
export function schemaOf({ url }: TestDatabase): Promise<string[]> {
  return kit.schemaOf(url);
}

/** The names in SequelizeMeta, in order. */
export async function recordsOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT name FROM "SequelizeMeta" ORDER BY name');
  return rows.map(({ name }) => String(name));
}
