import { QueryTypes, type Sequelize } from 'sequelize';
import { quoteLiteral, type TableLockMode } from '../../postgres';
import type { Relation } from './table-locks';

/** Who stands in the way of a lock. */
export interface BlockingSession {
  /** The same for the same session on the same table; undefined where nobody is to be found any more. */
  readonly who: string | undefined;
  /** `user_sessions: pid 4711, application psql, idle in transaction for 12 s` */
  readonly description: string;
  /** How to be rid of it, as the end of a sentence. */
  readonly advice: string;
}

const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** The weakest of `MODES` that conflicts with a mode: all after it do as well (manual, table 13.2). */
const WEAKEST_CONFLICT: Readonly<Record<TableLockMode, string>> = {
  'ACCESS SHARE': 'AccessExclusiveLock',
  'ROW EXCLUSIVE': 'RowShareLock', // of the table no less than ShareLock, but of its rows any that somebody has locked
  'SHARE UPDATE EXCLUSIVE': 'ShareUpdateExclusiveLock',
  'SHARE ROW EXCLUSIVE': 'RowExclusiveLock',
  'ACCESS EXCLUSIVE': 'AccessShareLock',
};

interface Lock {
  readonly relations: readonly Relation[];
  readonly mode: TableLockMode;
}

/**
 * Who has, or is waiting for, a lock on one of the tables that conflicts with the wanted one; the one that has
 * been at it longest. It says what the role may see of that session, and never the text of its query.
 */
export async function blockingSessionOf(
  sequelize: Sequelize,
  { relations, mode }: Lock,
): Promise<BlockingSession> {
  const oids = relations.map(({ sql }) => `to_regclass(${quoteLiteral(sql)})`);
  const modes = MODES.slice(MODES.indexOf(WEAKEST_CONFLICT[mode])).map(quoteLiteral);
  const [found] = await sequelize.query<{ pid: number | null; relation: string; session: string }>(
    `SELECT l.pid, c.relname AS relation, ${SESSION} AS session
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.relation = ANY (ARRAY[${oids.join(', ')}]::oid[]) AND l.mode IN (${modes.join(', ')})
     ORDER BY l.granted DESC, a.xact_start LIMIT 1`,
    { type: QueryTypes.SELECT },
  );
  if (!found) {
    const names = relations.map(({ name }) => name).join(' and ');
    return { who: undefined, description: `${names}: a session that has just ended`, advice: '' };
  }
  const { pid, relation, session } = found;
  // Who has locked a row, the server does not say: it may be any of those that have written to the table.
  if (mode === 'ROW EXCLUSIVE') {
    return { who: relation, description: `a row of ${relation}: perhaps ${session}`, advice: '' };
  }
  return {
    who: `${relation} ${String(pid)}`,
    description: `${relation}: ${session}`,
    advice: pid === null ? '' : `, or end it with SELECT pg_terminate_backend(${String(pid)})`,
  };
}

/** A session `a` of pg_stat_activity in words. What a role may not see of another's is null there. */
export const SESSION = `CASE WHEN a.pid IS NULL THEN 'a prepared transaction (see pg_prepared_xacts)' ELSE concat_ws(', ',
  'pid ' || a.pid,
  CASE WHEN a.backend_type <> 'client backend' THEN a.backend_type
       ELSE 'application ' || coalesce(nullif(a.application_name, ''), 'unnamed') END,
  coalesce(a.state || ' for ' || extract(epoch FROM clock_timestamp() - a.state_change)::int || ' s',
           'in a state that this role may not see')) END`;
