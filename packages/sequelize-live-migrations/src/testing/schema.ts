import { inSessionAt } from './session';

/**
 * All objects in the schemas of a database, one line for each, sorted: the columns of tables and views, constraints,
 * indexes, triggers, functions, enum types with their labels, sequences. For tests that compare a schema before and after.
 * It shares no code with the inspection of a migration, so that a test of that is independent of it.
 */
export async function schemaOf(url: string): Promise<string[]> {
  const { rows } = await inSessionAt(url, (session) => session.query<{ line: string }>(SCHEMA_SQL));
  return rows.map(({ line }) => line).sort();
}

/** The condition that a schema is none of PostgreSQL's own. */
function isUserSchema(namespace: string): string {
  // Not by their names, which would be looked up for each of some thousand functions.
  return `${namespace} <> ALL ('{pg_catalog,information_schema,pg_toast}'::regnamespace[])`;
}

/** The query for the lines. */
export const SCHEMA_SQL = `
    SELECT c.oid::regclass || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${isUserSchema('c.relnamespace')}
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype <> 'n' AND conrelid <> 0 AND ${isUserSchema('connamespace')}
    UNION ALL
    SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE ${isUserSchema('c.relnamespace')}
    UNION ALL
    SELECT t.oid::regtype || ' enum ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE ${isUserSchema('t.typnamespace')} GROUP BY t.oid
    UNION ALL
    SELECT pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger
    WHERE NOT tgisinternal AND ${isUserSchema('(SELECT relnamespace FROM pg_class WHERE oid = tgrelid)')}
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure || ' ' || md5(p.prosrc) FROM pg_proc p
    WHERE ${isUserSchema('p.pronamespace')} AND NOT EXISTS (
      SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    UNION ALL
    SELECT 'sequence ' || c.oid::regclass FROM pg_class c WHERE c.relkind = 'S' AND ${isUserSchema('c.relnamespace')}`;
