import type { Sequelize } from 'sequelize';
import { serverMessageOf, SQLSTATE, sqlStateOf } from '../postgres';
import { select } from './select';
import { oidsSql, type Relation } from './table-locks';

interface Foreign {
  readonly table: string;
  readonly owner: string;
  readonly role: string;
  /** Whether the role may act as the owner, though it does not. */
  readonly isMember: boolean;
}

/**
 * Of some tables, those that belong to a role whose rights the session does not have, in a sentence with what to type;
 * undefined where there are none.
 */
export async function describeForeign(
  sequelize: Sequelize,
  relations: readonly Relation[],
): Promise<string | undefined> {
  const found = await select<Foreign>(
    sequelize,
    `SELECT c.relname AS table, pg_get_userbyid(c.relowner)::text AS owner, current_user::text AS role,
       pg_has_role(session_user, c.relowner, 'MEMBER') AS "isMember"
     FROM pg_class c WHERE c.oid = ANY (${oidsSql(relations)}) AND NOT pg_has_role(c.relowner, 'USAGE')
     ORDER BY 1`,
  );
  const [first] = found;
  if (!first) return undefined;
  const whose = found.map(({ table, owner }) => `${table} belongs to ${owner}`).join(', ');
  const acting = `act as it with options=-c%20role%3D${encodeURIComponent(first.owner)} in the URL`;
  return `${whose}, and this session is of ${first.role}: ${first.isMember ? acting : `log in as ${first.owner}`} (docs/roles.md)`;
}

/**
 * The error to throw for one of locking or reading tables: where a right is missing, the server's words, whose the tables
 * are, and what was left as it was.
 */
export async function explainMissingRight(
  sequelize: Sequelize,
  { relations, outcome }: { readonly relations: readonly Relation[]; readonly outcome: string },
  error: unknown,
): Promise<unknown> {
  const isExplained = error instanceof Error && error.cause !== undefined;
  if (isExplained || sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) return error;
  const parts = [serverMessageOf(error), await describeForeign(sequelize, relations), outcome];
  return new Error(parts.filter((part) => part).join('. '), { cause: error });
}
