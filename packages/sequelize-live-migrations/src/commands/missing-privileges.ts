import type { Sequelize } from 'sequelize';
import { quoteIdentifier, quoteLiteral, quoteLiterals } from '../postgres';
import { select } from '../session';

interface Missing {
  readonly role: string;
  /** A table or a sequence, as SQL writes it. */
  readonly object: string;
  readonly kind: 'table' | 'sequence';
  readonly privileges: readonly string[];
}

/**
 * Notices of what roles may not do on some tables, though they may on most of them: whoever has created a table has perhaps
 * forgotten the GRANT. The same for the sequence of a table that a role may insert into. No differences, because no model
 * says which role may do what, and a role may lack something on purpose.
 */
export async function missingPrivileges(
  sequelize: Sequelize,
  schema: string,
  tables: readonly string[],
): Promise<string[]> {
  const missing = await select<Missing>(sequelize, missingSql(schema, tables));
  return missing.map(({ role, object, kind, privileges }) => {
    const [list, name] = [privileges.join(', '), quoteIdentifier(role)];
    const on = kind === 'table' ? object : `SEQUENCE ${object}`;
    const whole = kind === 'table' ? 'most of the tables' : 'the table';
    return `NOTICE: role ${role} lacks ${list} on ${kind} ${object}, and may use ${whole}: GRANT ${list} ON ${on} TO ${name}.`;
  });
}

/**
 * Of each role that has been granted something on one of the tables: the privileges that it has on at least half of them,
 * and lacks on others, where also those count that it has as a member of another role, or on some columns only.
 */
function missingSql(schema: string, tables: readonly string[]): string {
  return `WITH ours AS (
      SELECT c.oid, c.relowner, c.relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${quoteLiteral(schema)} AND c.relname IN (${quoteLiterals(tables)})
    ), roles AS (
      SELECT DISTINCT acl.grantee AS oid FROM ours, aclexplode(ours.relacl) acl
      WHERE acl.grantee <> 0 AND NOT pg_has_role(acl.grantee, ours.relowner, 'USAGE')
    ), rights AS (
      SELECT roles.oid AS role, ours.oid AS object, privilege,
        CASE privilege WHEN 'DELETE' THEN has_table_privilege(roles.oid, ours.oid, privilege)
             ELSE has_any_column_privilege(roles.oid, ours.oid, privilege) END AS has
      FROM roles, ours, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
    ), lacked AS (
      SELECT role, object, privilege FROM rights
      WHERE NOT has AND (role, privilege) IN (
        SELECT role, privilege FROM rights GROUP BY role, privilege HAVING count(*) FILTER (WHERE has) * 2 >= count(*))
    ), sequences AS (
      SELECT DISTINCT rights.role, d.objid AS object FROM rights
      JOIN pg_depend d ON d.refobjid = rights.object AND d.refclassid = 'pg_class'::regclass
        AND d.classid = 'pg_class'::regclass AND d.deptype = 'a' -- an identity needs no privilege
      JOIN pg_class c ON c.oid = d.objid
      WHERE privilege = 'INSERT' AND has -- CASE, because asking it of an index is an error
        AND CASE c.relkind WHEN 'S' THEN NOT has_sequence_privilege(rights.role, d.objid, 'USAGE, UPDATE') ELSE false END
    )
    SELECT pg_get_userbyid(role)::text AS role, object::regclass::text AS object, kind, privileges FROM (
      SELECT role, object, 'table' AS kind, array_agg(privilege ORDER BY privilege) AS privileges FROM lacked GROUP BY 1, 2
      UNION ALL
      SELECT role, object, 'sequence', ARRAY['USAGE'] FROM sequences
    ) AS missing ORDER BY 1, 2`;
}
