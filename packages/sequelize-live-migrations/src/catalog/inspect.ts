import { type Query, searchPathSql } from '../postgres';
import type { Change } from '../vocabulary';
import { catalogSql, textArray } from './catalog-sql';
import { withKeptAside } from './kept-aside-names';
import { byName, type Catalog, type Contents, type EnumType, type LiveCatalog, type Table } from './model';
import { probe } from './probe';
import type { DesiredTables } from './desired-tables';

/** The two sides that a plan compares. */
export interface Inspection {
  /** What is there. */
  readonly live: LiveCatalog;
  /** What PostgreSQL makes of the things that the intents speak of, had they been created as stated. */
  readonly desired: Catalog;
  /** The query that read the live catalog, and what it gave: to ask again whether that is still so. */
  readonly seen: { readonly sql: string; readonly hash: string };
}

/** How to inspect. */
export interface InspectionOptions {
  /** Tables and columns (`table.column`) that count as holding something, whatever they look like, and why. */
  readonly reasonsToKeep?: ReadonlyMap<string, string>;
  /** False where nothing but the catalog is of interest: then no right is needed to read the tables. */
  readonly ofRows?: boolean;
  /** Makes of what is there what will be there before the intents have their turn: see forecast.ts. */
  readonly before?: (live: Catalog) => Catalog;
}

/**
 * Reads the live catalog and has PostgreSQL build the wanted things in `pg_temp`. For a transaction that is
 * rolled back: then nothing stays.
 *
 * Needs no privilege but to own the tables and to make temporary ones (PostgreSQL's default for everyone).
 *
 * @throws what PostgreSQL says of a type, a default or an index that it does not accept.
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
  // First, so that temporary types are printed without a prefix even where the session has pg_temp last.
  await query(searchPathSql('pg_temp'));
  await query(desiredTables.sql(live).join(';\n'));
  const desired = await readCatalog(query, catalogSql('pg_temp', tableNames, enumNames));
  await query(searchPathSql(place.schema)); // in which the live defaults were printed, and mean the live types
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
 * Finds the schema in which to work, and puts it first in this transaction's `search_path`, so that names
 * need no prefix and are printed without one: the schema that the tables are found in, as the service finds
 * them, or where there are none yet the one that `CREATE TABLE` would choose.
 */
async function enterSchema(query: Query, tables: readonly string[]) {
  const [place] = await query<{ database: string; schema: string | null; found: string[] }>(
    `SELECT current_database() AS database, current_schema() AS schema,
       ARRAY(SELECT DISTINCT n.nspname::text FROM unnest(${textArray(tables)}) AS name
             JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))
             JOIN pg_namespace n ON n.oid = c.relnamespace) AS found`,
  );
  if (!place) throw new Error('PostgreSQL did not answer where this connection works.');
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

/** The catalog that a query reads, and its hash: that is the same as long as the catalog is the same. */
async function readCatalog(query: Query, sql: string): Promise<Catalog & { readonly hash: string }> {
  const [row] = await query<{ hash: string; catalog: { tables: Table[]; enums: EnumType[] } }>(sql);
  const { hash, catalog } = row ?? { hash: '', catalog: { tables: [], enums: [] } };
  return { hash, tables: byName(catalog.tables), enums: byName(catalog.enums) };
}
