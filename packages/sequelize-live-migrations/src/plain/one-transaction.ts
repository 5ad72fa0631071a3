import {
  beginWorkSql,
  type ConnectionManager,
  type ConnectionRoute,
  type LogChange,
  noteReplication,
  type Results,
  type RoutedConnection,
  type Run,
} from '../session';
import { serverMessageOf } from '../postgres';
import { abortedError, EndedError, failureMeantBy, NotInTransactionError } from './failures';
import { type Lane, newLane } from './lane';
import { CHECK_DEFERRED, Savepoints } from './savepoints';
import { changesSession, controlOf, withoutOwnTransactions } from './sql-text';
import { asClient, type Client, processIdOf, type Sent, type SentStatement, standIn } from './stand-in';
import { standsFor } from './same-database';
import { Turns } from './turns';

/**
 * One attempt at a migration: a transaction on one connection, which stands for every connection that the migration asks
 * for. The author's own transactions are savepoints of it.
 */
export class OneTransaction implements ConnectionRoute {
  /** Why this attempt is over. What is still sent is refused with it. */
  failure: Error | undefined;
  /** What was sent, each with the server's words where it has failed. */
  readonly sent: Sent[] = [];
  idleSince = Date.now();
  /** Rejected when the attempt is ended from outside. */
  readonly stopped: Promise<never>;
  private reject: (error: EndedError) => void = () => undefined;
  private readonly client: Client;
  private readonly savepoints: Savepoints;
  private readonly turns = new Turns();
  /** The open transaction of the author's. */
  private authors: Lane | undefined;
  private hasLostOthers = false;
  /** Whether the migration has changed settings of the session. */
  private isChanged = false;
  private isDone = false;

  private constructor(
    private readonly run: Run,
    private readonly pooled: object,
  ) {
    this.client = asClient(pooled);
    this.savepoints = new Savepoints(this.client);
    this.stopped = new Promise((_, reject) => (this.reject = reject));
    this.stopped.catch(() => undefined); // it may be that nobody waits for it
    this.client.on('error', this.onError);
  }

  static async begin(run: Run, lockTimeoutMs: number): Promise<OneTransaction> {
    const pooled = await run.sequelize.connectionManager.getConnection({ type: 'write' });
    const transaction = new OneTransaction(run, pooled);
    try {
      const begun = await transaction.savepoints.start([
        'START TRANSACTION ISOLATION LEVEL READ COMMITTED',
        beginWorkSql('transaction', lockTimeoutMs, run.limits),
      ]);
      noteReplication(run.sequelize, begun);
      transaction.client.unref(); // so that the process ends where the migration waits for what never happens
      return transaction;
    } catch (error) {
      await transaction.close();
      throw error;
    }
  }

  private readonly onError = (error: Error) => {
    this.failure ??= error;
  };

  /** The number of the server process. */
  get pid(): number {
    return processIdOf(this.client);
  }

  connect(manager: ConnectionManager, options: object | undefined): Promise<RoutedConnection | undefined> {
    const { sequelize } = this.run;
    // A late one, after the commit, goes its own way, as it would without all of this.
    const isLate = this.isDone && this.failure === undefined;
    if (isLate || !standsFor(sequelize, manager)) return Promise.resolve(undefined);
    const lane = newLane(options !== undefined && 'uuid' in options);
    const connection = standIn(this.client, (statement) => this.send(lane, statement));
    return Promise.resolve({ connection, release: () => undefined });
  }

  leave(): void {
    this.failure ??= new NotInTransactionError(
      'it calls a declared migration, which has transactions of its own',
    );
    throw this.failure;
  }

  private send(lane: Lane, statement: SentStatement): Promise<Results> {
    return this.turn(async () => {
      this.assertGoesOn();
      if (this.isDone) throw new EndedError('The migration that sends this statement has ended');
      const sent: Sent = { ...statement };
      this.sent.push(sent);
      try {
        return await this.perform(lane, statement);
      } catch (error) {
        sent.failure = serverMessageOf(error);
        this.failure ??= failureMeantBy(error);
        throw error;
      }
    });
  }

  private assertGoesOn(): void {
    if (this.failure) throw this.failure;
  }

  /** Runs work on the connection, which keeps the process from ending meanwhile. */
  turn<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      this.client.ref();
      try {
        return await work(this.client);
      } finally {
        this.client.unref();
        this.idleSince = Date.now();
      }
    });
  }

  private perform(lane: Lane, statement: SentStatement): Promise<Results> {
    const { text } = statement;
    const control = controlOf(text);
    if (control === 'none' || control === 'characteristics') return this.statement(lane, statement);
    if (control === 'savepoint') {
      if (/\bto\b/i.test(text)) lane.isAborted = false;
      return this.savepoints.savepoint(text);
    }
    if (control === 'mixed') {
      const bare = withoutOwnTransactions(text);
      if (bare === undefined)
        throw new NotInTransactionError('a text of it ends the transaction that it is sent in');
      return this.statement(lane, { ...statement, text: bare });
    }
    if (!lane.isTransaction) throw new NotInTransactionError(`it sends ${control.toUpperCase()} by itself`);
    return control === 'begin' ? this.begin(lane) : this.end(lane, control === 'commit' && !lane.isAborted);
  }

  private async statement(lane: Lane, statement: SentStatement): Promise<Results> {
    if (lane.isAborted) throw abortedError();
    if (this.authors && this.authors !== lane) this.authors.hasOthers = true;
    this.isChanged ||= changesSession(statement.text);
    lane.statements += 1;
    try {
      return await this.savepoints.statement(statement);
    } catch (error) {
      lane.isAborted = this.authors === lane;
      throw error;
    }
  }

  private begin(lane: Lane): Promise<Results> {
    if (this.authors) throw new NotInTransactionError('two transactions of its own are open at once');
    this.authors = lane;
    return this.savepoints.begin();
  }

  private end(lane: Lane, isCommit: boolean): Promise<Results> {
    this.authors = undefined;
    lane.isAborted = false;
    if (isCommit) return this.savepoints.commit();
    // By itself, what others have sent would stay. The migration may be about to fail: so that is for its end.
    if (lane.hasOthers) this.hasLostOthers = true;
    return this.savepoints.rollBack();
  }

  /** @throws where the migration has ended, and cannot be committed */
  assertComplete(): void {
    this.assertGoesOn();
    if (this.hasLostOthers)
      throw new NotInTransactionError('it rolls a transaction back, and sends other statements meanwhile');
    if (this.authors?.statements)
      throw new Error('It has ended without the commit or rollback of a transaction that it has begun');
  }

  untilIdle(): Promise<void> {
    return this.turns.untilIdle();
  }

  get isIdle(): boolean {
    return this.turns.isIdle;
  }

  /** Ends the attempt, though the migration may go on for a while: what it sends is refused. */
  stop(error: EndedError): void {
    this.failure ??= error;
    this.reject(error);
  }

  /** Keeps the server from ending the session for a pause, which it does where this process is blocked. */
  ping(): void {
    this.turn(() => this.client.query('SELECT')).catch(() => undefined);
  }

  /** @returns statements that set again what is set in the session now */
  settings(): Promise<string> {
    return this.turn(() => this.savepoints.settings());
  }

  /**
   * In place of a commit and a new transaction, in a dry run: checks what is deferred, and sets the limits again.
   *
   * @param settings what `settings` has returned at the beginning
   */
  async next(settings: string, lockTimeoutMs: number): Promise<void> {
    const begin = beginWorkSql('transaction', lockTimeoutMs, this.run.limits);
    const statements = [CHECK_DEFERRED, ...(this.isChanged ? [settings] : []), begin];
    await this.turn(() => this.savepoints.next(['SET LOCAL statement_timeout = 0', ...statements].join(';')));
  }

  /** Writes the migration log and commits, under limits that the migration may have changed. */
  async commit({ statements }: LogChange, lockTimeoutMs: number): Promise<void> {
    const limits = [`SET LOCAL lock_timeout = ${String(lockTimeoutMs)}`, 'SET LOCAL statement_timeout = 0'];
    await this.turn(async () => {
      const results = [await this.client.query([...limits, ...statements, 'COMMIT'].join(';\n'))].flat();
      if (results.at(-1)?.command !== 'COMMIT') throw new Error('The server has rolled the transaction back');
      this.isDone = true;
    });
  }

  /** Rolls back what is not committed, and gives the connection back. */
  async close(): Promise<void> {
    const { connectionManager } = this.run.sequelize;
    await this.turn(async () => {
      if (!this.isDone) await this.client.query('ROLLBACK').catch(() => (this.isChanged = true));
      this.isDone = true;
    });
    this.client.off('error', this.onError);
    this.client.ref();
    if (this.isChanged) await connectionManager.destroyConnection(this.pooled);
    else connectionManager.releaseConnection(this.pooled);
  }
}
