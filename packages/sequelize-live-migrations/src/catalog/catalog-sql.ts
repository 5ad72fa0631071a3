import { textArray } from '../postgres';
import { KEPT_ASIDE } from './kept-aside-names';
import type { Subject } from './subject';

// The queries that read the system catalogs, as JSON in the shape that model.ts declares.

// In the queries below, foreign keys are read by catalog columns, because the printed text of a foreign key depends
// on the search path.

/** The names of columns, from an array of their numbers and in its order. */
const columnsOf = (relation: string, numbers: string) =>
  `(SELECT json_agg(a.attname ORDER BY k.position)
    FROM unnest(${numbers}) WITH ORDINALITY AS k(number, position)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

/** A relation's name, with its schema where that is not `namespace`. */
const nameSeenFrom = (namespace: string, relation: string) =>
  `CASE ${relation}.relnamespace WHEN ${namespace} THEN ${relation}.relname::text
    ELSE ${relation}.relnamespace::regnamespace::text || '.' || quote_ident(${relation}.relname) END`;

const referentialAction = (column: string) =>
  `CASE ${column} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
    WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END`;

/**
 * The comment on a relation or a column. Not by `obj_description` and `col_description`: these are SQL functions, which
 * each query that calls them plans for itself.
 */
const commentOn = (relation: string, column = '0') =>
  `(SELECT description FROM pg_description
    WHERE objoid = ${relation} AND classoid = 'pg_class'::regclass AND objsubid = ${column})`;

const COLUMNS = `
  SELECT json_agg(json_build_object(
    'name', a.attname,
    'number', a.attnum,
    'type', format_type(a.atttypid, a.atttypmod),
    'comment', ${commentOn('c.oid', 'a.attnum')},
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

/** The foreign keys of a table `c`. */
export const FOREIGN_KEYS = `
  SELECT json_agg(json_build_object(
    'name', k.conname,
    'columns', ${columnsOf('c.oid', 'k.conkey')},
    'references', json_build_object(
      'table', ${nameSeenFrom('c.relnamespace', 'p')}, 'columns', ${columnsOf('p.oid', 'k.confkey')}),
    'onUpdate', ${referentialAction('k.confupdtype')},
    'onDelete', ${referentialAction('k.confdeltype')},
    'deferrable', CASE WHEN NOT k.condeferrable THEN 'NOT DEFERRABLE'
      WHEN k.condeferred THEN 'DEFERRABLE INITIALLY DEFERRED' ELSE 'DEFERRABLE INITIALLY IMMEDIATE' END,
    'valid', k.convalidated
    ) ORDER BY k.conname)
  FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
  WHERE k.conrelid = c.oid AND k.contype = 'f'`;

/** Matches `CREATE UNIQUE INDEX "a name" ON public.pets USING `, which is different for a shadow. */
const NAME = '("([^"]|"")+"|[^". ]+)';
const BEFORE_THE_METHOD = `^CREATE (UNIQUE )?INDEX ${NAME} ON (ONLY )?(${NAME}[.])?${NAME} USING `;

/** The comment of a shadow of an index that is not valid, also of that of a constraint: PostgreSQL makes no such index on purpose. */
export const INVALID = 'a concurrent build of this has not finished';

const INDEXES = `
  SELECT json_agg(json_build_object(
    'name', r.relname,
    'oid', i.indexrelid,
    'unique', i.indisunique,
    'definition', regexp_replace(pg_get_indexdef(i.indexrelid), '${BEFORE_THE_METHOD}', ''),
    'keys', (SELECT json_agg(pg_get_indexdef(i.indexrelid, n, false) ORDER BY n) FROM generate_series(1, i.indnkeyatts) AS n),
    'predicate', pg_get_expr(i.indpred, i.indrelid),
    'file', pg_relation_filenode(i.indexrelid)::text,
    'valid', i.indisvalid AND i.indisready AND ${commentOn('i.indexrelid')} IS DISTINCT FROM '${INVALID}'
    ) ORDER BY r.relname)
  FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
  WHERE i.indrelid = c.oid AND NOT EXISTS (
    SELECT FROM pg_constraint k
    WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`;

const CONSTRAINTS = `
  SELECT json_agg(json_build_object(
    'name', k.conname,
    'oid', k.conindid,
    'type', k.contype,
    'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
    'valid', k.convalidated AND ${commentOn('k.conindid')} IS DISTINCT FROM '${INVALID}'
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid AND NOT i.indisvalid)
    ) ORDER BY k.conname)
  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'u', 'x')`;

// Under a lock that blocks others, nothing may take longer because there are many other tables. What refers to a table or
// a type is found in `pg_depend`, which has an index on (refclassid, refobjid): `pg_constraint.confrelid` and
// `pg_attribute.atttypid` have none.

/** The foreign keys that refer to a table. */
const incomingKeys = (table: string) =>
  `SELECT DISTINCT k.oid, k.conrelid FROM pg_depend d JOIN pg_constraint k ON k.oid = d.objid
      WHERE d.classid = 'pg_constraint'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ${table}
        AND k.contype = 'f' AND k.confrelid = ${table}`;

const REFERRERS = `
  SELECT json_agg(json_build_object(
    'name', f.conname,
    'relation', ${nameSeenFrom('c.relnamespace', 'r')},
    'sql', CASE r.relnamespace WHEN c.relnamespace THEN quote_ident(r.relname) ELSE r.oid::regclass::text END,
    'columns', ${columnsOf('f.conrelid', 'f.conkey')},
    'referenced', ${columnsOf('c.oid', 'f.confkey')},
    'index', (SELECT relname FROM pg_class WHERE oid = f.conindid),
    'onDelete', ${referentialAction('f.confdeltype')},
    'isIndexed', EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indkey[0] = f.conkey[1] AND i.indpred IS NULL AND i.indisvalid)
    ) ORDER BY f.conname, r.relname, f.conrelid) -- a name of a constraint is one of its table only
  FROM (${incomingKeys('c.oid')}) AS incoming JOIN pg_constraint f USING (oid) JOIN pg_class r ON r.oid = f.conrelid
  WHERE f.conparentid = 0`;

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
 * The statement that reads some tables and enum types, and the tables kept aside that have a foreign key to one of those
 * tables, as JSON.
 *
 * @param schemaSql an expression for the name of their schema
 */
export function readLiveSql(
  schemaSql: string,
  { tables, referred = [], enums }: Pick<Subject, 'tables' | 'referred' | 'enums'>,
): string {
  return `EXECUTE read_catalog (${[schemaSql, ...[tables, enums, referred].map(textArray)].join(', ')})`;
}

/** The same for the shadows: all temporary tables and enum types of the session. */
export const READ_SHADOWS = "EXECUTE read_catalog (NULL, '{}', '{}', '{}')";

/** Prepares both: a session plans it only once, however often it runs it, and planning it takes longer (manual, PREPARE). */
export function prepareReadCatalogSql(): string {
  return `PREPARE read_catalog (text, text[], text[], text[]) AS ${catalogSql()}`;
}

/**
 * One statement for both, because planning it takes longer than running it.
 *
 * The shadows are found in `pg_depend`, whose index makes that independent of how many other tables there are.
 */
function catalogSql(): string {
  return `WITH named AS (
      SELECT to_regclass(quote_ident($1) || '.' || quote_ident(name))::oid AS oid FROM unnest($2::text[]) AS name
      UNION ALL ${inTemporarySchema('pg_class')}
    ), types AS (
      SELECT to_regtype(quote_ident($1) || '.' || quote_ident(name))::oid AS oid FROM unnest($3::text[]) AS name
      UNION SELECT used.oid FROM (
        SELECT unnest(ARRAY[u.oid, u.typelem]) AS oid
        FROM named JOIN pg_attribute a ON a.attrelid = named.oid AND a.attnum > 0 JOIN pg_type u ON u.oid = a.atttypid
      ) AS used JOIN pg_type t ON t.oid = used.oid WHERE t.typnamespace = to_regnamespace(quote_ident($1))
      UNION ${inTemporarySchema('pg_type')}
    )
    SELECT json_build_object('tables', ${TABLES}, 'enums', ${ENUMS}) AS catalog`;
}

function inTemporarySchema(catalog: string): string {
  return `SELECT objid FROM pg_depend WHERE $1::text IS NULL AND refclassid = 'pg_namespace'::regclass
    AND refobjid = pg_my_temp_schema() AND classid = '${catalog}'::regclass`;
}

const TABLES = `(
    SELECT coalesce(json_agg(json_build_object(
      'name', c.relname,
      'oid', c.oid::text,
      'kind', c.relkind,
      'comment', ${commentOn('c.oid')},
      'file', pg_relation_filenode(c.oid)::text,
      'isUnlogged', c.relpersistence = 'u',
      'hidesRows', row_security_active(c.oid),
      'columns', coalesce((${COLUMNS}), '[]'),
      'primaryKey', (${PRIMARY_KEY}),
      'foreignKeys', coalesce((${FOREIGN_KEYS}), '[]'),
      'indexes', coalesce((${INDEXES}), '[]'),
      'constraints', coalesce((${CONSTRAINTS}), '[]'),
      'referrers', coalesce((${REFERRERS}), '[]'),
      'dependents', coalesce((${DEPENDENTS}), '[]')) ORDER BY c.relname), '[]')
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.oid IN (
      SELECT oid FROM named
      UNION ALL
      SELECT k.conrelid FROM named CROSS JOIN LATERAL (${incomingKeys('named.oid')}) AS k
      JOIN pg_class r ON r.oid = k.conrelid JOIN pg_class referred ON referred.oid = named.oid
      WHERE starts_with(r.relname, '${KEPT_ASIDE}')
        OR (referred.relname = ANY ($4::text[]) AND r.relnamespace = referred.relnamespace)))`;

const ENUMS = `(SELECT coalesce(json_agg(json_build_object(
      'name', t.typname,
      'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
      ) ORDER BY t.typname), '[]')
    FROM (SELECT DISTINCT oid FROM types) AS found JOIN pg_type t ON t.oid = found.oid WHERE t.typtype = 'e')`;
