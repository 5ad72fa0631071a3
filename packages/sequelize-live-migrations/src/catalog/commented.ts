import type { Query } from '../postgres';

/** A table, or a column of one, with its comment. */
export interface Commented {
  readonly schema: string;
  readonly table: string;
  /** Null for a table. */
  readonly column: string | null;
  readonly comment: string;
  /** Of a table with its indexes, as PostgreSQL measures it; of a column what its values take, as far as that is known. */
  readonly bytes: number | null;
}

/** The tables and columns of the schemas in the search path whose comments match a regular expression. */
export function findCommented(query: Query, pattern: string): Promise<Commented[]> {
  const width = `(SELECT s.avg_width * nullif(c.reltuples, -1) FROM pg_stats s
      WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname)`;
  return query(`SELECT n.nspname::text AS schema, c.relname::text AS table, a.attname::text AS column, d.description AS comment,
      CASE WHEN d.objsubid = 0 THEN pg_total_relation_size(c.oid) ELSE ${width} END::float8 AS bytes
    FROM pg_description d JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false)) AND d.description ~ '${pattern}'
    ORDER BY 1, 2, 3 NULLS FIRST`);
}
