import { type Query, searchPathSql } from '../postgres';
import type { Change } from '../vocabulary';
import { catalogSql, textArray } from './catalog-sql';
import { withKeptAside } from './kept-aside-names';
import { byName, type Catalog, type Contents, type EnumType, type LiveCatalog, type Table } from './model';
import { probe } from './probe';
import type { DesiredTables } from './desired-tables';

/** What a plan is made from. */
export interface Inspection {
  /** The database as it is. */
  readonly live: LiveCatalog;
  /** The tables, indexes and enum types that the changes declare, as PostgreSQL creates them. */
  readonly desired: Catalog;
  /** The query that has read the live catalog, and the hash of its result: to check later that it is unchanged. */
  readonly seen: { readonly sql: string; readonly hash: string };
}

/** How to inspect. */
export interface InspectionOptions {
  /** Tables and columns (`table.column`) that are treated as having data though none was found, and why. */
  readonly reasonsToKeep?: ReadonlyMap<string, string>;
  /** False to read only the catalogs: then no privilege on the tables is needed. */
  readonly ofRows?: boolean;
  /** Turns the live catalog into what it will be once the migrations before this one have run: see run/dry-run.ts. */
  readonly before?: (live: Catalog) => Catalog;
}

/**
 * Reads the live catalog, and has PostgreSQL create the desired tables in `pg_temp`. For a transaction that is rolled
 * back, so that nothing of that stays.
 *
 * The role has to own the tables and may create temporary ones (which PostgreSQL lets everybody do by default).
 *
 * @throws the server's error for a type, a default or an index that PostgreSQL does not accept
 */
export async function inspectCatalog(
  query: Query,
  desiredTables: DesiredTables,
  changes: readonly Change[],
  { ofRows = true, before = (live) => live, reasonsToKeep }: InspectionOptions,
): Promise<Inspection> {
  const { tableNames, enumNames } = desiredTables;
  const names = withKeptAside(tableNames);
  const place = await enterSchema(query, names);
  const sql = catalogSql(place.schema, names, enumNames);
  const { hash, ...found } = await readCatalog(query, sql);
  const live = before(found);
  // First in the path, so that temporary types are printed without a schema, even where the session has pg_temp last.
  await query(searchPathSql('pg_temp'));
  await query(desiredTables.sql(live).join(';\n'));
  const desired = await readCatalog(query, catalogSql('pg_temp', tableNames, enumNames));
  await query(searchPathSql(place.schema)); // with which the live defaults were printed, and mean the live types
  const read = ofRows ? await probe(query, place.schema, { live: found, desired }, changes) : UNKNOWN;
  const contents = withReasonsToKeep(read, reasonsToKeep);
  return { live: { ...live, ...place, contents }, desired, seen: { sql, hash } };
}

function withReasonsToKeep(
  contents: Contents,
  reasonsToKeep: ReadonlyMap<string, string> = new Map(),
): Contents {
  const withRows = new Set([...contents.withRows, ...reasonsToKeep.keys()]);
  const withValues = new Set([...contents.withValues, ...reasonsToKeep.keys()]);
  return { ...contents, withRows, withValues, reasonsToKeep };
}

/**
 * Finds the schema to work in, and puts it first in this transaction's `search_path`, so that names need no schema
 * and are printed without one. It is the schema in which the search path finds the tables, as for the application;
 * where there are none yet, the one in which `CREATE TABLE` would create them.
 */
async function enterSchema(query: Query, tables: readonly string[]) {
  const [place] = await query<{ database: string; schema: string | null; found: string[] }>(
    `SELECT current_database() AS database, current_schema() AS schema,
       ARRAY(SELECT DISTINCT n.nspname::text FROM unnest(${textArray(tables)}) AS name
             JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))
             JOIN pg_namespace n ON n.oid = c.relnamespace) AS found`,
  );
  if (!place) throw new Error('PostgreSQL did not return the current database and schema.');
  const { database, found } = place;
  const schema = found[0] ?? place.schema;
  if (found.length > 1 || !schema) {
    const names = tables.join(', ');
    throw new Error(
      found.length > 1
        ? `The tables ${names} are spread over the schemas ${found.join(', ')} of database ${database}. ` +
            'Set a search_path for this role that finds them in one. Nothing was changed.'
        : `No schema of this role's search_path exists in database ${database}. Nothing was changed.`,
    );
  }
  await query(searchPathSql(schema));
  return { database, schema };
}

const UNKNOWN: Contents = {
  withRows: new Set(),
  withNulls: new Set(),
  withOrphans: new Set(),
  withValues: new Set(),
  reasonsToKeep: new Map(),
};

/** The catalog that a query reads, and its hash, which stays the same as long as the catalog does. */
async function readCatalog(query: Query, sql: string): Promise<Catalog & { readonly hash: string }> {
  const [row] = await query<{ hash: string; catalog: { tables: Table[]; enums: EnumType[] } }>(sql);
  const { hash, catalog } = row ?? { hash: '', catalog: { tables: [], enums: [] } };
  return { hash, tables: byName(catalog.tables), enums: byName(catalog.enums) };
}
