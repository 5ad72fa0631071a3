import { DEADLOCK_TIMEOUT_MS, type Query } from '../postgres';
import { textArray } from './catalog-sql';
import type { Place } from './model';

/**
 * Finds the schema to work in: the one in which the search path finds the tables, as for the application; where there are
 * none yet, the one in which `CREATE TABLE` would create them.
 *
 * @throws where the tables are in several schemas, or there is no schema
 */
export async function findPlace(query: Query, tables: readonly string[]): Promise<Place> {
  const [found] = await query<Omit<Place, 'schema'> & { schema: string | null; found: string[] }>(
    `SELECT current_database() AS database, current_schema() AS schema,
       (${DEADLOCK_TIMEOUT_MS})::float8 AS "deadlockTimeoutMs",
       ARRAY(SELECT DISTINCT n.nspname::text FROM unnest(${textArray(tables)}) AS name
             JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))
             JOIN pg_namespace n ON n.oid = c.relnamespace) AS found`,
  );
  if (!found) throw new Error('PostgreSQL did not return the current database and schema.');
  const { database, deadlockTimeoutMs, found: schemas } = found;
  const schema = schemas[0] ?? found.schema;
  if (schemas.length > 1 || !schema) {
    throw new Error(
      schemas.length > 1
        ? `The tables ${tables.join(', ')} are spread over the schemas ${schemas.join(', ')} of database ${database}. ` +
            'Set a search_path for this role that finds them in one. Nothing was changed.'
        : `No schema of this role's search_path exists in database ${database}. Nothing was changed.`,
    );
  }
  return { database, schema, deadlockTimeoutMs };
}
