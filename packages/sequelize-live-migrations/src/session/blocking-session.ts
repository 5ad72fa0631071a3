import type { Sequelize } from 'sequelize';
import { quoteLiteral, type TableLockMode } from '../postgres';
import { conflictingModes } from './lock-modes';
import { select } from './select';
import { namesOf, oidsSql, type Relation } from './table-locks';

/** The session that blocks a lock. */
export interface BlockingSession {
  /** The same for the same session on the same table; undefined where no session blocks the lock any more. */
  readonly id: string | undefined;
  /** `pets: pid 4711, application psql, idle in transaction for 12 s` */
  readonly description: string;
  /** How to end it, as the end of a sentence. */
  readonly advice: string;
}

interface Lock {
  readonly relations: readonly Relation[];
  readonly mode: TableLockMode;
}

/**
 * The session that holds, or waits for, a lock on one of the tables that conflicts with a mode; of several, the one with
 * the oldest transaction. Described by what the role may see of it, and never by the text of its query.
 */
export async function blockingSessionOf(
  sequelize: Sequelize,
  { relations, mode }: Lock,
): Promise<BlockingSession> {
  const modes = conflictingModes(mode).map(quoteLiteral);
  const [found] = await select<{ pid: number | null; relation: string; session: string }>(
    sequelize,
    `SELECT l.pid, c.relname AS relation, ${SESSION} AS session
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.relation = ANY (${oidsSql(relations)}) AND l.mode IN (${modes.join(', ')})
     ORDER BY l.granted DESC, a.xact_start LIMIT 1`,
  );
  if (!found) {
    return { id: undefined, description: `${namesOf(relations)}: a session that has just ended`, advice: '' };
  }
  const { pid, relation, session } = found;
  // The server does not say who has locked a row: it may be any session that has locked rows of the table.
  if (mode === 'ROW EXCLUSIVE') {
    return { id: relation, description: `a row of ${relation}: perhaps ${session}`, advice: '' };
  }
  return {
    id: `${relation} ${String(pid)}`,
    description: `${relation}: ${session}`,
    advice: pid === null ? '' : `, or end it with SELECT pg_terminate_backend(${String(pid)})`,
  };
}

/** A session `a` of pg_stat_activity in words. What the role may not see of it is null there. */
export const SESSION = `CASE WHEN a.pid IS NULL THEN 'a prepared transaction (see pg_prepared_xacts)' ELSE concat_ws(', ',
  'pid ' || a.pid,
  CASE WHEN a.backend_type <> 'client backend' THEN a.backend_type
       ELSE 'application ' || coalesce(nullif(a.application_name, ''), 'unnamed') END,
  coalesce(a.state || ' for ' || extract(epoch FROM clock_timestamp() - a.state_change)::int || ' s',
           'in a state that this role may not see')) END`;
