import type { Sequelize } from 'sequelize';
import { type Query, SQLSTATE, sqlStateOf } from '../postgres';
import { beginWorkSql } from './begin-work';
import { asConnection, type Connection, rowsIn } from './connection';
import { forgetPreparation } from './prepared-session';
import { noteReplication } from './replication';
import type { Limits, Reporter } from './runner';

/** What is needed to work on a database. */
export interface Run {
  readonly sequelize: Sequelize;
  readonly limits: Limits;
  readonly reporter: Reporter;
}

/** What is done in a transaction. */
export type Work<T> = (query: Query) => Promise<T>;

/**
 * Runs `work` in a transaction that holds `WORK_LOCK` and that the server ends soon after its client is gone. It begins with
 * the first message of `work`, and is committed at its end, unless the last message has done that. Rolled back when `work`
 * fails.
 *
 * Not a transaction of Sequelize: that sends BEGIN, the isolation level and COMMIT in messages of their own, and each message
 * takes it longer than the server.
 *
 * @param lockTimeoutMs how long each statement waits for a lock
 */
export function inTransaction<T>(run: Run, lockTimeoutMs: number, work: Work<T>): Promise<T> {
  return onConnection(run.sequelize, (connection) =>
    worked(new WorkTransaction(connection, run, lockTimeoutMs), work, 'COMMIT'),
  );
}

/**
 * The same, but always rolled back. Begins again where a migration has had the session forget what was prepared (DISCARD ALL,
 * DEALLOCATE ALL), or a pooler has.
 *
 * @param prepare does what the session needs, before the transaction begins
 */
export function inRolledBackTransaction<T>(
  run: Run,
  lockTimeoutMs: number,
  prepare: (connection: Connection) => Promise<void>,
  work: Work<T>,
): Promise<T> {
  return onConnection(run.sequelize, async (connection) => {
    const attempt = async () => {
      await prepare(connection);
      return worked(new WorkTransaction(connection, run, lockTimeoutMs), work, 'ROLLBACK');
    };
    return attempt().catch(async (error: unknown) => {
      if (sqlStateOf(error) !== SQLSTATE.invalidSqlStatementName) throw error;
      forgetPreparation(connection);
      await connection.query('ROLLBACK');
      return attempt();
    });
  });
}

/** Lends a connection of the pool to some work. One whose transaction cannot be ended does not return to the pool. */
async function onConnection<T>(
  { connectionManager }: Sequelize,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const pooled = await connectionManager.getConnection({ type: 'write' });
  const connection = asConnection(pooled);
  try {
    const done = await work(connection);
    connectionManager.releaseConnection(pooled);
    return done;
  } catch (error) {
    await connection.query('ROLLBACK').then(
      () => connectionManager.releaseConnection(pooled),
      () => connectionManager.destroyConnection(pooled),
    );
    throw error;
  }
}

async function worked<T>(
  transaction: WorkTransaction,
  work: Work<T>,
  end: 'COMMIT' | 'ROLLBACK',
): Promise<T> {
  const done = await work((sql) => transaction.query(sql));
  await transaction.end(end);
  return done;
}

/** A transaction that begins with its first message, and may end with its last. */
class WorkTransaction {
  private state: 'not begun' | 'begun' | 'ended' = 'not begun';

  constructor(
    private readonly connection: Connection,
    private readonly run: Run,
    private readonly lockTimeoutMs: number,
  ) {}

  async query<Row extends object>(sql: string): Promise<Row[]> {
    if (this.state === 'not begun') return this.begin<Row>(sql);
    return this.send<Row>(sql, 0);
  }

  async end(command: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    if (this.state === 'begun') await this.connection.query(command);
  }

  private begin<Row extends object>(sql: string): Promise<Row[]> {
    const { limits } = this.run;
    const begin = [BEGIN, beginWorkSql('transaction', this.lockTimeoutMs, limits)];
    this.state = 'begun';
    return this.send<Row>([...begin, sql].join(';\n'), begin.length);
  }

  /** @param own how many statements at the beginning of the message are the transaction's own */
  private async send<Row extends object>(message: string, own: number): Promise<Row[]> {
    const results = [await this.connection.query<Row>(message)].flat();
    if (own > 0) noteReplication(this.run.sequelize, rowsIn(results.slice(0, own)));
    if (results.at(-1)?.command === 'COMMIT') this.state = 'ended';
    return rowsIn(results.slice(own));
  }
}

/**
 * The level explicitly, because a server may have another default. Under REPEATABLE READ a statement would see the database as
 * it was before the lock that it has waited for.
 */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
