import { Transaction, type Sequelize } from 'sequelize';
import { quoteIdentifier, quoteLiteral } from './names';
import { lockArguments, WORK_LOCK } from './locks';

/**
 * Runs `work` in a transaction, as every statement of a migration is: marked as working, and ended by the
 * server soon after its client has gone. Rolled back when `work` fails.
 */
export function inTransaction<T>(
  sequelize: Sequelize,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  // Stated, because a server may have another default, and what a statement sees under REPEATABLE READ is the
  // state before the lock that it waited for.
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  return sequelize.transaction({ isolationLevel }, async (transaction) => {
    await sequelize.query(MARK_AS_WORKING, { transaction });
    return work(transaction);
  });
}

/** The same, for work that is to leave nothing behind. */
export async function inRolledBackTransaction<T>(
  sequelize: Sequelize,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const results: T[] = [];
  const rollBack = new Error('Done, and to be rolled back.'); // Sequelize commits unless something is thrown
  await inTransaction(sequelize, async (transaction) => {
    results.push(await work(transaction));
    throw rollBack;
  }).catch((error: unknown) => {
    if (error !== rollBack) throw error;
  });
  const [result] = results;
  if (result === undefined) throw rollBack;
  return result;
}

// `client_connection_check_interval` (PostgreSQL 14) has the server look twice a second whether the client of a
// running statement is still there; on a platform that cannot look, setting it is an error.
const MARK_AS_WORKING = `
  SELECT pg_advisory_xact_lock_shared(${lockArguments(WORK_LOCK)}),
    (SELECT set_config(name, '500', true) FROM pg_settings
     WHERE name = 'client_connection_check_interval' AND version() ~* 'linux')`;

/** Puts `schema` first in the `search_path` of the transaction that runs this. */
export function searchPathSql(schema: string): string {
  const first = quoteLiteral(`${schema === 'pg_temp' ? schema : quoteIdentifier(schema)}, `);
  return `SELECT set_config('search_path', ${first} || current_setting('search_path'), true)`;
}
