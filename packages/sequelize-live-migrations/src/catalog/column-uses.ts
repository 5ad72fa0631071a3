import { quoteLiteral } from '../postgres';

/** What stands on a column of a live table and has no shadow. */
export interface ColumnUses {
  /** `"C"`, where it is another one than that of the type. */
  readonly collation: string | null;
  /** The table is a partition, or has a parent or children. */
  readonly isInherited: boolean;
  /** The rules of the table that are no view's. */
  readonly rules: readonly string[];
  readonly generatedColumns: readonly string[];
  /** The tables whose foreign keys refer to it. */
  readonly referringTables: readonly string[];
  /** The constraints of kinds that cannot be made a second time beside it. */
  readonly constraints: readonly { readonly name: string; readonly definition: string }[];
  /** The index that identifies rows for logical replication, if it is in that. */
  readonly replicaIdentity: string | null;
  /** The privileges on it alone: `GRANT SELECT (%s) ON pets TO app`. */
  readonly grants: readonly string[];
  /** The triggers of the table. */
  readonly triggers: readonly Trigger[];
  /** What else depends on it: views, policies, functions, publications. */
  readonly dependents: readonly string[];
}

/** What stands on a column that is not there yet. */
export const NO_USES: ColumnUses = {
  collation: null,
  isInherited: false,
  rules: [],
  generatedColumns: [],
  referringTables: [],
  constraints: [],
  replicaIdentity: null,
  grants: [],
  triggers: [],
  dependents: [],
};

/** A trigger of a live table. */
export interface Trigger {
  readonly name: string;
  /** What `pg_get_triggerdef` prints. */
  readonly definition: string;
  /** Its `UPDATE OF`, as that prints it and as names; null for a trigger without. */
  readonly updateOf: { readonly sql: string; readonly columns: readonly string[] } | null;
  /** Whether it depends on the column otherwise than by `UPDATE OF`: by its condition, `WHEN`. */
  readonly usesColumn: boolean;
  /** A constraint trigger cannot be replaced. */
  readonly isConstraint: boolean;
  /** Whether it may change a row before it is written. */
  readonly isBeforeRow: boolean;
  /** Whether the update of any column fires it. */
  readonly firesOnUpdate: boolean;
  /** `pg_trigger.tgenabled` */
  readonly enabled: string;
}

/** The shape is that of the query. */
export function isUses(value: unknown): value is ColumnUses {
  return typeof value === 'object' && value !== null && 'triggers' in value;
}

export function usesSql(table: string, number: number): string {
  const [relation, column] = [`${quoteLiteral(table)}::oid`, String(number)];
  const dependsOnIt = `d.refclassid = 'pg_class'::regclass AND d.refobjid = ${relation} AND d.refobjsubid = ${column}`;
  const list = (select: string) =>
    `(SELECT coalesce(json_agg(found ORDER BY found::text), '[]') FROM (${select}) AS f(found))`;
  return `json_build_object(
    'collation', (SELECT a.attcollation::regcollation FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = ${relation} AND a.attnum = ${column} AND a.attcollation <> t.typcollation),
    'isInherited', EXISTS (SELECT FROM pg_inherits WHERE ${relation} IN (inhrelid, inhparent)),
    'rules', ${list(`SELECT rulename FROM pg_rewrite WHERE ev_class = ${relation} AND ev_type <> '1'`)},
    'generatedColumns', ${list(generatedColumnsSql(relation, dependsOnIt))},
    'referringTables', ${list(`SELECT DISTINCT k.conrelid::regclass::text FROM pg_depend d JOIN pg_constraint k ON k.oid = d.objid
      WHERE d.classid = 'pg_constraint'::regclass AND ${dependsOnIt}
        AND k.contype = 'f' AND k.confrelid = ${relation} AND ${column} = ANY (k.confkey)`)},
    'constraints', ${list(singleConstraintsSql(relation, column, dependsOnIt))},
    'replicaIdentity', (SELECT indexrelid::regclass FROM pg_index
      WHERE indrelid = ${relation} AND indisreplident AND ${column} = ANY (indkey)),
    'grants', ${list(`SELECT format('GRANT %s (%%s) ON %s TO %s', p.privilege_type, ${relation}::regclass,
        CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE p.grantee::regrole::text END)
        || CASE WHEN p.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
      FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) AS p
      WHERE a.attrelid = ${relation} AND a.attnum = ${column}`)},
    'triggers', ${list(triggersSql(relation, column))},
    'dependents', ${list(`SELECT DISTINCT regexp_replace(pg_describe_object(d.classid, d.objid, 0), '^rule _RETURN on ', '')
      FROM pg_depend d WHERE ${dependsOnIt} AND d.classid IN
        ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_publication_rel'::regclass)`)})`;
}

/** The generated columns that depend on a column: by their expression since PostgreSQL 15, before that themselves. */
function generatedColumnsSql(relation: string, dependsOnIt: string): string {
  return `SELECT a.attname FROM pg_depend d
      LEFT JOIN pg_attrdef e ON d.classid = 'pg_attrdef'::regclass AND e.oid = d.objid
      JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attgenerated <> ''
        AND a.attnum = CASE WHEN e.oid IS NULL THEN d.objsubid ELSE e.adnum END
      WHERE ${dependsOnIt} AND d.classid IN ('pg_attrdef'::regclass, 'pg_class'::regclass) AND a.attnum <> d.refobjsubid`;
}

/** Found in `pg_depend`, which has an index: `pg_constraint.confrelid` has none. */
function singleConstraintsSql(relation: string, column: string, dependsOnIt: string): string {
  return `SELECT DISTINCT jsonb_build_object('name', conname, 'definition', definition)
      FROM pg_depend d JOIN pg_constraint k ON k.oid = d.objid CROSS JOIN LATERAL pg_get_constraintdef(k.oid) AS definition
      WHERE d.classid = 'pg_constraint'::regclass AND ${dependsOnIt}
        AND (conrelid = ${relation} AND ${column} = ANY (conkey) OR confrelid = ${relation} AND ${column} = ANY (confkey))
        AND (contype = 'x'
          OR contype IN ('p', 'u') AND (condeferrable OR definition ~ '^UNIQUE NULLS|INCLUDE [(]')
          OR contype = 'f' AND (condeferrable OR confmatchtype = 'f' OR definition ~ 'SET (DEFAULT|NULL [(])'))`;
}

/**
 * A trigger depends on a column once for its `UPDATE OF`, and once more for its condition.
 *
 * The bits of `pg_trigger.tgtype` are those of PostgreSQL's `pg_trigger.h`: 1 row, 2 before, 4 insert, 16 update.
 */
function triggersSql(relation: string, column: string): string {
  return `SELECT json_build_object(
      'name', t.tgname,
      'definition', pg_get_triggerdef(t.oid),
      'updateOf', (SELECT CASE WHEN count(*) > 0 THEN json_build_object(
          'sql', 'UPDATE OF ' || string_agg(quote_ident(a.attname), ', ' ORDER BY k.position),
          'columns', json_agg(a.attname ORDER BY k.position)) END
        FROM unnest(t.tgattr) WITH ORDINALITY AS k(number, position) JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.number),
      'usesColumn', (SELECT count(*) FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = t.tgrelid AND d.refobjsubid = ${column})
        > CASE WHEN ${column} = ANY (t.tgattr) THEN 1 ELSE 0 END,
      'isConstraint', t.tgconstraint <> 0,
      'isBeforeRow', t.tgtype & 3 = 3 AND t.tgtype & 20 > 0,
      'firesOnUpdate', t.tgtype & 16 > 0 AND t.tgattr = ''::int2vector,
      'enabled', t.tgenabled)
    FROM pg_trigger t WHERE t.tgrelid = ${relation} AND NOT t.tgisinternal`;
}
