import { quoteIdentifier, quoteLiteral } from '../postgres';

// What somebody has put on a table beside its columns, constraints and indexes: who drops the table, or a column, drops
// that with it, and whoever creates it again does not know of it.

/**
 * Selects a row for each thing of that kind, with its description as `text`. All of it is found by indexes of the
 * catalogs, however many tables there are.
 *
 * @param table an SQL expression for the table, of type `oid` or `regclass`
 * @param column one of its columns; left out: the whole table
 */
export function attachedSql(table: string, column?: string): string {
  const parts = column === undefined ? ofTable(table) : ofColumn(table, column);
  return `SELECT text FROM (\n${parts.join('\nUNION ALL\n')}\n) AS attached(text) WHERE text IS NOT NULL`;
}

/**
 * Finds a row where a query does, and where somebody has put something on a table or a column.
 *
 * @param table of the first schema of the `search_path`
 * @param column left out: the whole table
 */
export function orAttachedSql(query: string, table: string, column?: string): string {
  const attached = attachedSql(`${quoteLiteral(quoteIdentifier(table))}::regclass`, column);
  return `(${query} LIMIT 1) UNION ALL (SELECT 1 FROM (${attached}) AS attached LIMIT 1)`;
}

function ofTable(table: string): string[] {
  return [
    `SELECT unnest(ARRAY[
    CASE WHEN c.relowner::regrole <> current_user::regrole THEN 'it belongs to ' || c.relowner::regrole END,
    ${rightsOn('c.relacl', 'c.relowner', 'c.relnamespace', 'r')},
    CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'row level security' END,
    CASE WHEN c.reloptions IS NOT NULL OR t.reloptions IS NOT NULL THEN 'storage parameters' END,
    CASE WHEN c.relreplident <> 'd' THEN 'a replica identity' END,
    CASE WHEN c.relpersistence = 'u' THEN 'that it is unlogged' END,
    CASE WHEN c.reltablespace <> 0 THEN 'a tablespace' END,
    CASE WHEN c.reloftype <> 0 THEN 'its type' END])
  FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid = ${table}`,
    described('pg_policy', `polrelid = ${table}`),
    described('pg_trigger', `tgrelid = ${table} AND (NOT tgisinternal OR tgenabled <> 'O')`),
    described('pg_rewrite', `ev_class = ${table}`),
    described('pg_publication_rel', `prrelid = ${table}`),
    described('pg_statistic_ext', `stxrelid = ${table}`),
    `SELECT 'that it inherits from ' || inhparent::regclass FROM pg_inherits WHERE inhrelid = ${table}`,
    `SELECT 'a comment on ' || pg_describe_object(classoid, objoid, 0) FROM pg_description JOIN (
    SELECT 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid = ${table}
    UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = ${table}
  ) AS part(classoid, objoid) USING (classoid, objoid)`,
    `SELECT 'a security label' FROM pg_seclabel WHERE classoid = 'pg_class'::regclass AND objoid = ${table}`,
    `SELECT ${rightsOn('s.relacl', 's.relowner', 's.relnamespace', 'S')} FROM pg_depend d JOIN pg_class s ON s.oid = d.objid
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ${table} AND d.classid = 'pg_class'::regclass AND s.relkind = 'S'`,
    `SELECT ${OPTIONS} FROM pg_attribute a LEFT JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = ${table} AND a.attnum > 0 AND NOT a.attisdropped`,
  ];
}

function ofColumn(table: string, column: string): string[] {
  const attribute = `a.attrelid = ${table} AND a.attname = ${quoteLiteral(column)}`;
  const kinds = ['pg_policy', 'pg_trigger', 'pg_statistic_ext', 'pg_publication_rel'];
  return [
    `SELECT ${OPTIONS} FROM pg_attribute a LEFT JOIN pg_type t ON t.oid = a.atttypid WHERE ${attribute}`,
    `SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d JOIN pg_attribute a ON ${attribute}
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    AND d.classid IN (${kinds.map((catalog) => `'${catalog}'::regclass`).join(', ')})`,
  ];
}

/**
 * The rights on a column, and what `ALTER COLUMN … SET` has set. Some servers keep a number of their own among the options of
 * every column (`pg_attver`, seen with Debian's 15.20), which nobody has put there.
 */
const OPTIONS = `unnest(ARRAY[
    CASE WHEN a.attacl IS NOT NULL THEN 'rights on column ' || a.attname END,
    CASE WHEN EXISTS (SELECT FROM unnest(a.attoptions) AS one(option) WHERE option NOT LIKE 'pg\\_%') OR coalesce(a.attstattarget, -1) <> -1 OR a.attcompression <> ''
      OR a.attstorage <> t.typstorage THEN 'options of column ' || a.attname END])`;

/** Objects of a catalog, as PostgreSQL describes them: `policy tenants on table pets`. */
function described(catalog: string, condition: string): string {
  return `SELECT pg_describe_object('${catalog}'::regclass, oid, 0) FROM ${catalog} WHERE ${condition}`;
}

/**
 * In words, the rights that differ from those which a new table or sequence would have: from its owner's, or the default
 * privileges (manual, ALTER DEFAULT PRIVILEGES). Null where none do.
 */
function rightsOn(acl: string, owner: string, namespace: string, type: 'r' | 'S'): string {
  const privileges = `SELECT defaclacl FROM pg_default_acl WHERE defaclobjtype = '${type}' AND defaclrole = ${owner}`;
  const byDefault = `SELECT e.* FROM (
      SELECT coalesce((${privileges} AND defaclnamespace = 0), acldefault('${type === 'S' ? 's' : type}', ${owner}))
      UNION ALL ${privileges} AND defaclnamespace = ${namespace}
    ) AS d(acl), aclexplode(d.acl) AS e`;
  const found = `SELECT * FROM aclexplode(${acl})`;
  return `(SELECT 'rights of ' || string_agg(DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', ')
     FROM ((${found} EXCEPT ${byDefault}) UNION ALL (${byDefault} EXCEPT ${found})) AS different WHERE ${acl} IS NOT NULL)`;
}
