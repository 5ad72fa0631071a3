import { textArray } from '../postgres';

/**
 * A query for a text that changes whenever a table of these names is created, changed, renamed or dropped. It reads only
 * which transactions have written the rows of the catalogs, so it takes hardly any time under a lock.
 *
 * @param schemaSql an expression for the name of their schema
 */
export function fingerprintSql(schemaSql: string, tables: readonly string[]): string {
  return fingerprintOf(schemaSql, textArray(tables));
}

/** The same as a prepared statement, since planning it takes longer than running it. */
export function takeFingerprintSql(schemaSql: string, tables: readonly string[]): string {
  return `EXECUTE take_fingerprint (${schemaSql}, ${textArray(tables)})`;
}

export function prepareFingerprintSql(): string {
  return `PREPARE take_fingerprint (text, text[]) AS ${fingerprintOf('$1', '$2')}`;
}

function fingerprintOf(schemaSql: string, tablesSql: string): string {
  const ofTables = (catalog: string, relation: string) =>
    `SELECT concat_ws(' ', '${catalog}', t.${relation}, t.ctid, t.xmin) AS version FROM ${catalog} t JOIN named ON named.oid = t.${relation}`;
  return `WITH named AS (
      SELECT to_regclass(quote_ident(${schemaSql}) || '.' || quote_ident(name))::oid AS oid FROM unnest(${tablesSql}) AS name
    )
    SELECT coalesce(md5(string_agg(version, ',' ORDER BY version)), '') AS fingerprint FROM (
      ${ofTables('pg_class', 'oid')}
      UNION ALL ${ofTables('pg_attribute', 'attrelid')}
      UNION ALL ${ofTables('pg_constraint', 'conrelid')}
      UNION ALL ${ofTables('pg_index', 'indrelid')}) AS versions`;
}
