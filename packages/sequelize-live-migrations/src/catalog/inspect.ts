import { findPlaceSql, placeIn, type Place, prepareFindPlaceSql } from '../place';
import { type Query, quoteLiteral } from '../postgres';
import { prepareReadCatalogSql, readLiveSql } from './catalog-sql';
import { fingerprintSql, prepareFingerprintSql, takeFingerprintSql } from './fingerprint-sql';
import { withKeptAside } from './kept-aside-names';
import type { Catalog } from './model';
import { catalogIn } from './read';
import { settingsSql } from './shadow-sql';
import type { Subject } from './subject';

/** A query, and what it has returned: to check later, under a lock, that the live tables are unchanged. */
export interface Seen {
  readonly sql: string;
  readonly fingerprint: string;
}

/** Live tables, and where they are. */
export interface Inspected {
  readonly place: Place;
  readonly live: Catalog;
  readonly seen: Seen;
}

/**
 * The statements that inspect tables, for the first message of a transaction: they find the place, read the tables, and
 * leave the settings under which shadows are made. For a session that has run `PREPARE_INSPECTION`.
 */
export function inspectionSql(subject: Subject): string[] {
  const { schema } = subject;
  const names = { ...subject, tables: tablesOf(subject) };
  const [schemaSql, schemaSqlBelow] =
    schema === undefined
      ? [CURRENT_SCHEMA, CURRENT_BELOW_TEMPORARY]
      : [quoteLiteral(schema), quoteLiteral(schema)];
  return [
    findPlaceSql(names),
    // Before the tables are read: what changes meanwhile is noticed.
    takeFingerprintSql(schemaSql, names.tables),
    ...settingsSql(schemaSql),
    readLiveSql(schemaSqlBelow, names),
  ];
}

const CURRENT_SCHEMA = 'current_schema()';
/** The same when the temporary schema is the first of the path. */
const CURRENT_BELOW_TEMPORARY =
  '(array_remove(current_schemas(false), pg_my_temp_schema()::regnamespace::name))[1]';

/**
 * How inspections are planned: once, and with each row found by an index, however many tables there are. With statistics that
 * are not up to date, as after the creation of many tables, PostgreSQL would read all of pg_class for the indexes of one.
 */
const PLANNER_SETTINGS = [
  ['plan_cache_mode', 'force_generic_plan'],
  ['jit', 'off'],
  ['enable_seqscan', 'off'],
  ['enable_hashjoin', 'off'],
  ['enable_mergejoin', 'off'],
] as const;

/**
 * Prepares an inspection, once in a session, and has it planned, under the settings with which it will be run: a prepared
 * statement is planned again when the `search_path` has changed (manual, PREPARE, Notes).
 */
export const PREPARE_INSPECTION: readonly string[] = [
  prepareFindPlaceSql(),
  prepareFingerprintSql(),
  prepareReadCatalogSql(),
  `SELECT ${PLANNER_SETTINGS.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', ')}`,
  ...inspectionSql({ tables: [], parents: [], enums: [], migrations: [] }),
];

/**
 * What `inspectionSql` has found.
 *
 * @param rows those of its statements
 * @throws where the place is not known (see `placeIn`)
 */
export async function inspected(query: Query, rows: readonly object[], subject: Subject): Promise<Inspected> {
  const place = await placeIn(query, rows, subject.schema);
  const found = rows.find(hasFingerprint);
  const sql = fingerprintSql(quoteLiteral(place.schema), tablesOf(subject));
  return { place, live: catalogIn(rows), seen: { sql, fingerprint: found?.fingerprint ?? '' } };
}

function hasFingerprint(row: object): row is { readonly fingerprint: string } {
  return 'fingerprint' in row;
}

function tablesOf({ tables, migrations, parents }: Subject): string[] {
  return [...new Set([...withKeptAside(tables, migrations), ...parents])];
}
