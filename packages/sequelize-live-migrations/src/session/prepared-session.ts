import type { Sequelize } from 'sequelize';
import { quoteLiterals, SQLSTATE, sqlStateOf } from '../postgres';
import { type Connection, isConnection, rowsIn } from './connection';

/** A message that was sent. */
interface Sent {
  readonly answer: Promise<unknown>;
}

const prepared = new WeakMap<Connection, Promise<Sent>>();

/**
 * Has a session do once what makes inspections fast: create its schema for temporary objects, and prepare the statements. A
 * transaction that is rolled back would create another such schema each time, and then PostgreSQL would plan each prepared
 * statement again, because the `search_path` is another one (manual, PREPARE, Notes).
 *
 * @throws the server's error, where it creates no temporary tables
 */
export async function prepareSession(connection: Connection): Promise<void> {
  try {
    await answered(connection);
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.duplicatePreparedStatement) throw error;
    await deallocateLeft(connection);
    await answered(connection);
  }
}

async function answered(connection: Connection): Promise<void> {
  const { answer } = await begin(connection);
  try {
    await answer;
  } catch (error) {
    prepared.delete(connection);
    throw error;
  }
}

/**
 * Drops the statements of the same names that are left from another client of a pooler that discards nothing, or from a
 * preparation that has failed: what is prepared outlives a rollback. Others stay, which a plain migration before, or
 * node-postgres, has prepared. Looked for only now, because most sessions are new, and this would be one message more.
 */
async function deallocateLeft(connection: Connection): Promise<void> {
  const { PREPARE_INSPECTION } = await import('../catalog');
  const own = PREPARE_INSPECTION.flatMap((sql) => /^PREPARE (\w+)/.exec(sql)?.[1] ?? []);
  const left = rowsIn(
    await connection.query<{ sql: string }>(
      `SELECT 'DEALLOCATE ' || quote_ident(name) AS sql FROM pg_prepared_statements WHERE name IN (${quoteLiterals(own)})`,
    ),
  );
  for (const { sql } of left) await connection.query(sql);
}

/**
 * Sends that to the server, on a connection of the pool, without waiting for the answer: the server plans its queries while
 * this process does something else. What fails is reported by `prepareSession`.
 */
export async function prepareSessionAhead({ connectionManager }: Sequelize): Promise<void> {
  const pooled = await connectionManager.getConnection({ type: 'write' });
  try {
    if (!isConnection(pooled)) return;
    const { answer } = await begin(pooled);
    answer.catch(() => undefined);
  } finally {
    connectionManager.releaseConnection(pooled);
  }
}

function begin(connection: Connection): Promise<Sent> {
  const sent = prepared.get(connection) ?? send(connection);
  prepared.set(connection, sent);
  return sent;
}

/** After the server has said that a session has not what it had prepared: it is prepared again. */
export function forgetPreparation(connection: Connection): void {
  prepared.delete(connection);
}

/**
 * In one message, so that the server goes on by itself, and in two transactions: with the one that creates the schema, the
 * plans would end that were made in it. Nothing of that need be on a disk, least of all on a standby's.
 *
 * A role's own statement_timeout may be too short for it.
 */
async function send(connection: Connection): Promise<Sent> {
  // Loaded here, because a command that has nothing to do plans nothing.
  const { PREPARE_INSPECTION } = await import('../catalog');
  const longEnough = `SET LOCAL statement_timeout = ${String(LONGEST_STATEMENT_MS)}`;
  const statements = [
    'BEGIN',
    longEnough,
    'SET LOCAL synchronous_commit = off',
    'CREATE TEMPORARY TABLE shadows () ON COMMIT DROP',
    'COMMIT',
    longEnough,
    ...PREPARE_INSPECTION,
  ];
  return { answer: orRolledBack(connection, connection.query(statements.join(';\n'))) };
}

/** The answer to a message, after which the session is in no transaction. */
async function orRolledBack(connection: Connection, answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined); // it may be lost
    throw error;
  }
}

/** The catalogs are read, and all that could keep that waiting is a lock on one of them. */
const LONGEST_STATEMENT_MS = 60_000;
