import type { TestDatabase } from './database';

/**
 * Everything that the schemas of a database hold, one line for each thing, sorted: tables with their columns,
 * constraints, indexes, views, enum types with their labels, sequences. Written for the tests, and independent
 * of the project's own inspector, which it is there to check.
 */
export async function schemaOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query(`
    SELECT c.oid::regclass || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${own('c.relnamespace')}
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype <> 'n' AND conrelid <> 0 AND ${own('connamespace')}
    UNION ALL
    SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE ${own('c.relnamespace')}
    UNION ALL
    SELECT t.oid::regtype || ' enum ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE ${own('t.typnamespace')} GROUP BY t.oid
    UNION ALL
    SELECT 'sequence ' || c.oid::regclass FROM pg_class c WHERE c.relkind = 'S' AND ${own('c.relnamespace')}`);
  return rows.map(({ line }) => String(line)).sort();
}

function own(namespace: string): string {
  return `${namespace}::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;
}

/** The names in SequelizeMeta, in order. */
export async function recordsOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT name FROM "SequelizeMeta" ORDER BY name');
  return rows.map(({ name }) => String(name));
}
