import type { Sequelize } from 'sequelize';
import { isConnection } from './transaction';

const prepared = new WeakSet<object>();

/**
 * Has the session create its schema for temporary objects, if it has none yet. A transaction that is rolled back would
 * create another one each time, and then PostgreSQL plans each prepared statement again, because the `search_path` is
 * another one (manual, PREPARE, Notes).
 */
export async function keepTemporarySchema({ connectionManager }: Sequelize): Promise<void> {
  const connection = await connectionManager.getConnection({ type: 'write' });
  try {
    if (prepared.has(connection) || !isConnection(connection)) return;
    // Nothing of it need be on a disk, and least of all on that of a standby, for which its commit would wait.
    await connection.query(
      'CREATE TEMPORARY TABLE shadows (); SET LOCAL synchronous_commit = off; DROP TABLE pg_temp.shadows',
    );
    prepared.add(connection);
  } finally {
    connectionManager.releaseConnection(connection);
  }
}
