import type { Sequelize } from 'sequelize';
import { LOG_TABLE } from '../place';
import { quoteIdentifier } from '../postgres';

/** The tables in a schema of a database, but for the migration log and those of extensions. */
export async function tablesIn(sequelize: Sequelize, schema: string | undefined): Promise<string[]> {
  const [rows] = await sequelize.query(
    `SELECT relname AS name FROM pg_class c WHERE relnamespace = to_regnamespace(quote_ident(coalesce($1, current_schema())))
       AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '${LOG_TABLE}'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY relname`,
    { bind: [schema ?? null] },
  );
  return namesIn(rows);
}

/**
 * Does some work on a temporary database in which some schemas are, also those that no migration creates: these are gone
 * afterwards.
 *
 * @param work is given the names of those
 */
export async function withSchemas<T>(
  sequelize: Sequelize,
  schemas: readonly (string | undefined)[],
  work: (missing: readonly string[]) => Promise<T>,
): Promise<T> {
  const named = schemas.flatMap((schema) => schema ?? []);
  const [rows] = await sequelize.query(
    'SELECT name FROM json_array_elements_text($1::json) AS name WHERE to_regnamespace(quote_ident(name)) IS NULL',
    { bind: [JSON.stringify(named)] },
  );
  const missing = namesIn(rows);
  for (const schema of missing) await sequelize.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  try {
    return await work(missing);
  } finally {
    for (const schema of missing) await sequelize.query(`DROP SCHEMA ${quoteIdentifier(schema)}`);
  }
}

function namesIn(rows: readonly unknown[]): string[] {
  return rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'name' in row ? [String(row.name)] : [],
  );
}
