import { PREPARE_INSPECTION } from '../catalog';
import type { Sequelize } from 'sequelize';
import { type Connection, isConnection } from './connection';

const prepared = new WeakMap<Connection, Promise<unknown>>();

/**
 * Has a session do once what makes inspections fast: create its schema for temporary objects, and prepare the statements. A
 * transaction that is rolled back would create another such schema each time, and then PostgreSQL would plan each prepared
 * statement again, because the `search_path` is another one (manual, PREPARE, Notes).
 *
 * @throws the server's error, where it creates no temporary tables
 */
export async function prepareSession(connection: Connection): Promise<void> {
  const running = prepared.get(connection) ?? connection.query(SQL);
  prepared.set(connection, running);
  try {
    await running;
  } catch (error) {
    prepared.delete(connection);
    throw error;
  }
}

/**
 * Sends that to the server, on a connection of the pool, without waiting for the answer: the server plans its queries while
 * this process does something else. What fails is reported by `prepareSession`.
 */
export async function prepareSessionAhead({ connectionManager }: Sequelize): Promise<void> {
  const pooled = await connectionManager.getConnection({ type: 'write' });
  if (isConnection(pooled)) prepareSession(pooled).catch(() => undefined);
  connectionManager.releaseConnection(pooled);
}

/** In one message, and so in one transaction. Nothing of it need be on a disk, least of all on a standby's. */
const SQL = [
  'CREATE TEMPORARY TABLE shadows ()',
  'SET LOCAL synchronous_commit = off',
  'DROP TABLE pg_temp.shadows',
  ...PREPARE_INSPECTION,
].join(';\n');
