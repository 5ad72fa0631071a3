import { type Query, quoteLiteral } from '../postgres';
import type { Citus } from './model';

// Citus is asked about only where the database has it, so that nothing is sent for it to any other server.

/** What Citus knows of the tables of a schema. */
export async function readCitus(query: Query, schema: string): Promise<Citus> {
  const tables = await query<{ table: string; column: string | null; hasLocalRows: boolean }>(
    `SELECT c.relname AS table, pg_relation_size(c.oid) > 0 AS "hasLocalRows",
       CASE WHEN p.partmethod <> 'n' THEN column_to_column_name(p.logicalrelid, p.partkey) END AS column
     FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${quoteLiteral(schema)}`,
  );
  return {
    tables: new Set(tables.map(({ table }) => table)),
    // Not a reference table, nor one of a distributed schema.
    distributedBy: new Map(tables.flatMap(({ table, column }) => (column === null ? [] : [[table, column]]))),
    withLocalRows: new Set(tables.filter(({ hasLocalRows }) => hasLocalRows).map(({ table }) => table)),
  };
}
