import { quoteLiteral } from '../postgres';
import { KEPT_ASIDE } from './kept-aside-names';

// The queries that read the system catalogs, as JSON in the shape that model.ts declares.

export function textArray(values: readonly string[]): string {
  return `ARRAY[${values.map(quoteLiteral).join(', ')}]::text[]`;
}

/** A qualified name for `to_regclass` and `to_regtype`. `pg_temp` is an alias, which quoting would change. */
function qualified(schema: string, name: string): string {
  return `${schema === 'pg_temp' ? "'pg_temp'" : `quote_ident(${quoteLiteral(schema)})`} || '.' || quote_ident(${name})`;
}

// In the queries below, foreign keys are read by catalog columns, because the printed text of a foreign key depends
// on the search path.

/** The names of columns, from an array of their numbers and in its order. */

const columnsOf = (relation: string, numbers: string) =>
  `(SELECT json_agg(a.attname ORDER BY k.position)
    FROM unnest(${numbers}) WITH ORDINALITY AS k(number, position)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

/** A relation's name, with its schema where that is not `namespace`. */
const nameSeenFrom = (namespace: string, relation: string) =>
  `CASE ${relation}.relnamespace WHEN ${namespace} THEN ${relation}.relname::text ELSE ${relation}.oid::regclass::text END`;

const referentialAction = (column: string) =>
  `CASE ${column} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
    WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END`;

const COLUMNS = `
  SELECT json_agg(json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'comment', col_description(c.oid, a.attnum),
    'isStored', a.atthasmissing,
    'views', (SELECT coalesce(json_agg(DISTINCT w.ev_class::regclass::text), '[]')
              FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
              WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum),
    'notNull', a.attnotnull AND NOT EXISTS ( -- since PostgreSQL 18 it may be NOT VALID: then nulls may be left
      SELECT FROM pg_constraint n WHERE n.conrelid = c.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum] AND NOT n.convalidated),
    'generated', nullif(concat(a.attgenerated, a.attidentity), ''),
    'default', pg_get_expr(d.adbin, d.adrelid),
    'serial', EXISTS (
      SELECT FROM pg_depend o JOIN pg_depend u ON u.refobjid = o.objid AND u.refclassid = o.classid
      WHERE o.refclassid = 'pg_class'::regclass AND o.refobjid = c.oid AND o.refobjsubid = a.attnum
        AND o.classid = 'pg_class'::regclass AND o.deptype = 'a'
        AND u.classid = 'pg_attrdef'::regclass AND u.objid = d.oid)
    ) ORDER BY a.attnum)
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`;

const PRIMARY_KEY = `
  SELECT json_build_object('name', k.conname, 'columns', ${columnsOf('c.oid', 'k.conkey')})
  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'`;

const FOREIGN_KEYS = `
  SELECT json_agg(json_build_object(
    'name', k.conname,
    'columns', ${columnsOf('c.oid', 'k.conkey')},
    'references', json_build_object(
      'table', ${nameSeenFrom('c.relnamespace', 'p')}, 'columns', ${columnsOf('p.oid', 'k.confkey')}),
    'onUpdate', ${referentialAction('k.confupdtype')},
    'onDelete', ${referentialAction('k.confdeltype')},
    'valid', k.convalidated
    ) ORDER BY k.conname)
  FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
  WHERE k.conrelid = c.oid AND k.contype = 'f'`;

const INDEXES = `
  SELECT json_agg(json_build_object(
    'name', r.relname,
    'unique', i.indisunique,
    'method', m.amname,
    'keys', (SELECT json_agg(pg_get_indexdef(i.indexrelid, n, false)
               || (SELECT CASE WHEN o.opcdefault THEN '' ELSE ' ' || o.opcname END
                   FROM pg_opclass o WHERE o.oid = i.indclass[n - 1]) || CASE i.indoption[n - 1] & 3
               WHEN 0 THEN '' WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' ELSE ' DESC' END
               ORDER BY n) FROM generate_series(1, i.indnkeyatts) AS n),
    'included', (SELECT coalesce(json_agg(pg_get_indexdef(i.indexrelid, n, false) ORDER BY n), '[]')
                 FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS n),
    'predicate', pg_get_expr(i.indpred, i.indrelid),
    'valid', i.indisvalid AND i.indisready
    ) ORDER BY r.relname)
  FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid JOIN pg_am m ON m.oid = r.relam
  WHERE i.indrelid = c.oid AND NOT EXISTS (
    SELECT FROM pg_constraint k
    WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`;

const CHECKS = `
  SELECT json_agg(k.conname ORDER BY k.conname)
  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'`;

// Under a lock that blocks others, nothing may take longer because there are many other tables. What refers to a table or
// a type is found in `pg_depend`, which has an index on (refclassid, refobjid): `pg_constraint.confrelid` and
// `pg_attribute.atttypid` have none.

/** The foreign keys that refer to a table. */
const incomingKeys = (table: string) =>
  `SELECT DISTINCT k.oid, k.conrelid FROM pg_depend d JOIN pg_constraint k ON k.oid = d.objid
      WHERE d.classid = 'pg_constraint'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ${table}
        AND k.contype = 'f' AND k.confrelid = ${table}`;

const DEPENDENTS = `
  SELECT json_agg(json_build_object('relation', relation, 'kind', kind) ORDER BY kind, relation)
  FROM (
    SELECT DISTINCT kind, ${nameSeenFrom('c.relnamespace', 'r')}
    FROM (
      SELECT 'the foreign key of', conrelid FROM (${incomingKeys('c.oid')}) AS incoming
      UNION ALL
      SELECT 'the view', w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
      UNION ALL
      SELECT 'the table', h.inhrelid FROM pg_inherits h WHERE h.inhparent = c.oid
    ) AS found(kind, oid) JOIN pg_class r USING (oid) WHERE r.oid <> c.oid
  ) AS dependent(kind, relation)`;

/**
 * The query that reads some tables and enum types, and the tables kept aside that have a foreign key to one of those
 * tables: all of it as JSON, and the hash of that.
 */
export function catalogSql(schema: string, tables: readonly string[], enums: readonly string[]): string {
  const catalog = `json_build_object('tables', ${tablesSql(schema, tables)}, 'enums', ${enumsSql(schema, enums)})`;
  return `SELECT catalog, hashtextextended(catalog::text, 0)::text AS hash FROM (SELECT ${catalog} AS catalog) AS inspected`;
}

function tablesSql(schema: string, names: readonly string[]): string {
  return `(WITH named AS (SELECT to_regclass(${qualified(schema, 'name')})::oid AS oid FROM unnest(${textArray(names)}) AS name)
    SELECT coalesce(json_agg(json_build_object(
      'name', c.relname,
      'comment', obj_description(c.oid, 'pg_class'),
      'columns', coalesce((${COLUMNS}), '[]'),
      'primaryKey', (${PRIMARY_KEY}),
      'foreignKeys', coalesce((${FOREIGN_KEYS}), '[]'),
      'indexes', coalesce((${INDEXES}), '[]'),
      'checks', coalesce((${CHECKS}), '[]'),
      'dependents', coalesce((${DEPENDENTS}), '[]')) ORDER BY c.relname), '[]')
    FROM pg_class c WHERE c.oid IN (
      SELECT oid FROM named
      UNION ALL
      SELECT k.conrelid FROM named CROSS JOIN LATERAL (${incomingKeys('named.oid')}) AS k
      JOIN pg_class r ON r.oid = k.conrelid WHERE starts_with(r.relname, '${KEPT_ASIDE}')))`;
}

/** The condition that `u`, of `pg_depend`, is a use of the type `t`, or of its array, by something in a catalog. */
function usesType(catalog: string): string {
  return `u.refclassid = 'pg_type'::regclass AND u.refobjid IN (t.oid, t.typarray) AND u.classid = '${catalog}'::regclass`;
}

function enumsSql(schema: string, names: readonly string[]): string {
  return `(SELECT coalesce(json_agg(json_build_object(
      'name', t.typname,
      'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
      'usedBy', (SELECT coalesce(json_agg(by ORDER BY by), '[]') FROM (
                   SELECT ${nameSeenFrom('t.typnamespace', 'c')} || '.' || a.attname
                   FROM pg_depend u JOIN pg_attribute a ON a.attrelid = u.objid AND a.attnum = u.objsubid
                   JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f', 'm', 'c')
                   WHERE ${usesType('pg_class')} AND a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped
                   UNION ALL
                   SELECT 'domain ' || d.typname FROM pg_depend u JOIN pg_type d ON d.oid = u.objid
                   WHERE ${usesType('pg_type')} AND d.typbasetype = t.oid
                   UNION ALL
                   SELECT pg_describe_object(u.classid, u.objid, 0) FROM pg_depend u
                   WHERE ${usesType('pg_proc')}) AS use(by))) ORDER BY t.typname), '[]')
    FROM unnest(${textArray(names)}) AS desired(name)
    JOIN pg_type t ON t.oid = to_regtype(${qualified(schema, 'desired.name')}) AND t.typtype = 'e')`;
}
