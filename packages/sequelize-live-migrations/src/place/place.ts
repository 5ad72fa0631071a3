import {
  DEADLOCK_TIMEOUT_MS,
  HAS_CITUS,
  type Query,
  quoteIdentifier,
  quoteLiteral,
  textArray,
} from '../postgres';
import { readCitus } from './citus';
import type { Namesake, Place } from './model';

/** The table of the migration log, which umzug's own storage has given its name. */
export const LOG_TABLE = 'SequelizeMeta';

/** What is looked for. */
export interface WhatIsNamed {
  readonly tables: readonly string[];
  readonly enums: readonly string[];
  /** The schema of the tables, where a migration names another one than that of the log. */
  readonly schema?: string | undefined;
}

/** What is found along the search path. */
interface Found extends Record<string, unknown> {
  readonly database: string;
  /** The schema in which PostgreSQL creates: the first of the search path that exists and may be used. */
  readonly schema: string | null;
  readonly searchPath: string;
  /** Where that was set, as `pg_settings` has it; null where it is not asked, because its first schema is the one found. */
  readonly searchPathSource: string | null;
  readonly deadlockTimeoutMs: number;
  /** The schemas of the search path that have a migration log. */
  readonly logs: readonly string[];
  /** Whether the first of these logs has the columns that sequelize-cli's `db:migrate:schema:timestamps:add` adds. */
  readonly hasTimestamps: boolean;
  /** Those of the tables that the search path finds in another schema: `public.pets`. */
  readonly elsewhere: readonly string[];
  readonly namesakes: readonly Namesake[];
  readonly hasCitus: boolean;
}

/**
 * The statement that looks for the schema to work in, with all that is in it: the tables and the migration log, which belong
 * together. It is the one in which PostgreSQL creates tables, as for umzug's own storage. Where the search path finds the
 * log, or without any log the tables, in a later schema only, it is not known which of the two is meant.
 */
export function findPlaceSql({ tables, enums, schema }: WhatIsNamed): string {
  const named = schema === undefined ? 'NULL' : quoteLiteral(schema);
  return `EXECUTE find_place (${textArray(tables)}, ${textArray(enums)}, ${named})`;
}

/** Prepares that: planning it takes longer than running it. */
export function prepareFindPlaceSql(): string {
  const namesakes = `(SELECT coalesce(json_agg(n), '[]') FROM (${NAMESAKES}) AS n)`;
  return `PREPARE find_place (text[], text[], text) AS ${placeSql(ELSEWHERE, namesakes)}`;
}

/**
 * The place that `findPlaceSql` has found.
 *
 * @param rows those of the statement, and of others
 * @param named the schema of the tables, where a migration names it
 * @throws with what to type, where it is not known which schema is meant, or where there is none
 */
export async function placeIn(
  query: Query,
  rows: readonly object[],
  named: string | undefined,
): Promise<Place> {
  const found = rows.find(isFound);
  const place = placeFound(found);
  if (named !== undefined) await assertSchema(query, place.database, named);
  const where = named === undefined ? place : { ...place, schema: named, elsewhere: [] };
  return found?.hasCitus === true ? { ...where, citus: await readCitus(query, where.schema) } : where;
}

/** The same for the migration log alone. */
export async function findPlaceOfLog(query: Query): Promise<Place> {
  const [found] = await query(PLACE_OF_LOG);
  return placeFound(found);
}

function placeFound(found: object | undefined): Place {
  if (!isFound(found)) throw new Error('PostgreSQL did not return the current database and schema.');
  const { database, schema, searchPath, deadlockTimeoutMs, logs, hasTimestamps } = found;
  if (schema === null) {
    throw new Error(
      `No schema of this role's search_path exists in database ${database}, or the role may use none of ` +
        `${searchPath}. Nothing was changed. Create the first one: CREATE SCHEMA …; or grant it: GRANT USAGE, CREATE ON ` +
        'SCHEMA … TO …',
    );
  }
  assertPermanentSchema(found, schema);
  assertTypedSchema(found, schema);
  const log = { exists: logs.includes(schema), hasTimestamps };
  if (!log.exists) assertNothingElsewhere(found, schema);
  const { elsewhere, namesakes } = found;
  return { database, schema, deadlockTimeoutMs, log, elsewhere, namesakes };
}

/** The shape is that of `placeSql`. */
function isFound(row: object | undefined): row is Found {
  return row !== undefined && 'searchPath' in row;
}

/** @throws where there is no schema of a name */
async function assertSchema(query: Query, database: string, schema: string): Promise<void> {
  const name = quoteIdentifier(schema);
  const [found] = await query<{ exists: boolean }>(
    `SELECT to_regnamespace(${quoteLiteral(name)}) IS NOT NULL AS exists`,
  );
  if (found?.exists === true) return;
  throw new Error(
    `Schema ${schema} does not exist in database ${database}. Nothing was changed. Create it, by hand or in a migration before ` +
      `this one: schema.sql({ up: ${quoteLiteral(`CREATE SCHEMA IF NOT EXISTS ${name}`)}, down: … });`,
  );
}

const RELATION_KIND = `CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
  WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' END`;

/** What has the name of a table or an enum type, and is none. */
const NAMESAKES = (() => {
  const here = (find: 'to_regclass' | 'to_regtype') =>
    `${find}(quote_ident(coalesce($3, current_schema())) || '.' || quote_ident(name))`;
  const typeKind = "CASE typtype WHEN 'd' THEN 'domain' ELSE 'type' END";
  return `SELECT name, ${RELATION_KIND} AS kind FROM unnest($1::text[]) AS name
      JOIN pg_class c ON c.oid = ${here('to_regclass')} WHERE relkind NOT IN ('r', 'p')
    UNION SELECT name, ${typeKind} FROM unnest($1::text[]) AS name
      JOIN pg_type t ON t.oid = ${here('to_regtype')} WHERE typrelid = 0 AND ${here('to_regclass')} IS NULL
    UNION SELECT name, coalesce(${RELATION_KIND}, ${typeKind}) FROM unnest($2::text[]) AS name
      JOIN pg_type t ON t.oid = ${here('to_regtype')} LEFT JOIN pg_class c ON c.oid = typrelid WHERE typtype <> 'e'`;
})();

/** Those of the tables that are found in another schema; none are looked for where a migration names the schema. */
const ELSEWHERE = `ARRAY(SELECT format('%I.%I', n.nspname, name) FROM unnest($1::text[]) AS name
            JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname <> current_schema()
            WHERE $3::text IS NULL ORDER BY 1)`;

/**
 * Asked in the same statement, because those that come next in its message set the path. It reads all settings, which takes
 * longer than the rest, and so only where it matters.
 */
const SEARCH_PATH_SOURCE = `(SELECT CASE WHEN first NOT IN (current_schema(), '$user') THEN
        (SELECT source FROM pg_settings WHERE name = 'search_path') END
      FROM btrim(split_part(current_setting('search_path'), ',', 1), ' "') AS first)`;

function placeSql(elsewhere: string, namesakes: string): string {
  const log = `to_regclass(quote_ident(name) || '.${quoteIdentifier(LOG_TABLE)}')`;
  return `WITH logs AS (
      SELECT name, position, ${log} AS oid FROM unnest(current_schemas(false)) WITH ORDINALITY AS path(name, position)
      WHERE ${log} IS NOT NULL
    )
    SELECT current_database() AS database, current_schema() AS schema, current_setting('search_path') AS "searchPath",
      ${SEARCH_PATH_SOURCE} AS "searchPathSource",
      (${DEADLOCK_TIMEOUT_MS})::float8 AS "deadlockTimeoutMs",
      ARRAY(SELECT name::text FROM logs ORDER BY position) AS logs,
      EXISTS (SELECT FROM pg_attribute WHERE attname = 'createdAt'
              AND attrelid = (SELECT oid FROM logs ORDER BY position LIMIT 1)) AS "hasTimestamps",
      ${elsewhere} AS elsewhere, ${namesakes} AS namesakes, ${HAS_CITUS} AS "hasCitus"`;
}

/** The same where nothing but the migration log is looked for. */
const PLACE_OF_LOG = placeSql("'{}'::text[]", "'[]'::json");

/** @throws where the log or the tables are in a later schema of the search path than that in which tables are created */
function assertNothingElsewhere({ database, logs, elsewhere }: Found, schema: string): void {
  const [log] = logs;
  if (log === undefined && elsewhere.length === 0) return;
  const [own, name] = [quoteIdentifier(schema), quoteIdentifier(LOG_TABLE)];
  const what = log && `the migration log ${quoteIdentifier(log)}.${name}`;
  throw new Error(
    `The search_path creates tables in schema ${schema} of database ${database}, which has no migration log, and finds ` +
      `${what ?? elsewhere.join(', ')} in a later schema. Nothing was changed. To work on that one, put it first: options=-c search_path=… in the ` +
      `URL, or ALTER ROLE … SET search_path = …. To work on ${schema}, give it a log of its own: ` +
      `CREATE TABLE ${own}.${name} (name varchar(255) NOT NULL PRIMARY KEY);`,
  );
}

/** @throws where tables would be created as temporary ones, which end with the session, and the log says they are there */
function assertPermanentSchema({ database, searchPath }: Found, schema: string): void {
  if (firstSchemaOf(searchPath) !== 'pg_temp' && !schema.startsWith('pg_temp_')) return;
  throw new Error(
    `The search_path ${searchPath} creates tables of database ${database} in the schema for temporary ones, where they are gone ` +
      'when the session ends. Nothing was changed. Put their schema first: options=-c search_path=… in the URL, or ALTER ROLE … ' +
      'SET search_path = …',
  );
}

/**
 * PostgreSQL passes over a schema of the search path that does not exist. Where it was typed, in the URL or in PGOPTIONS,
 * that would be another schema than the one that was asked for.
 *
 * @throws for the first one of the path
 */
function assertTypedSchema({ database, searchPath, searchPathSource }: Found, schema: string): void {
  if (searchPathSource !== 'client') return;
  const first = firstSchemaOf(searchPath);
  if (first === undefined || first === schema || first.startsWith('pg_')) return;
  throw new Error(
    `The search_path that was typed begins with schema ${first}, which does not exist in database ${database}, or which ` +
      `this role may not use. Nothing was changed. Correct the name, or type CREATE SCHEMA ${quoteIdentifier(first)}; or ` +
      `GRANT USAGE, CREATE ON SCHEMA ${quoteIdentifier(first)} TO …;`,
  );
}

/** The first name in a `search_path`, which has the syntax of a list of identifiers. */
function firstSchemaOf(searchPath: string): string | undefined {
  const [, quoted, plain] = /^\s*(?:"((?:[^"]|"")*)"|([^",\s]+))/.exec(searchPath) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain?.toLowerCase();
}
