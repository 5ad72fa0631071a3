import {
  beginWorkSql,
  isLockTimeout,
  noteReplication,
  type Results,
  rowsIn,
  type Run,
  withLockRetries,
  withoutRoute,
} from '../session';
import { doneAlready } from './done-already';
import { keepsOthersWaiting } from './explain';
import type { EndedError } from './failures';
import { LearnedLocks } from './learned-locks';
import { controlOf, isConcurrent } from './sql-text';
import { type Client, processIdOf, type SentStatement } from './stand-in';
import { Turns } from './turns';
import { watch } from './watch';

const SAVEPOINT = 'SAVEPOINT plain_statement';

/** A connection whose statements wait for their locks in short attempts, each by itself. */
export class GuardedConnection {
  private readonly turns = new Turns();
  private lockTimeoutMs = 0;
  private isStarted = false;
  /** Whether a transaction of the author's is open. */
  private isOpen = false;

  constructor(
    private readonly run: Run,
    private readonly client: Client,
  ) {}

  send(statement: SentStatement): Promise<Results> {
    return this.turns.take(() => withoutRoute(() => this.perform(statement)));
  }

  untilIdle(): Promise<void> {
    return this.turns.untilIdle();
  }

  private async perform(statement: SentStatement): Promise<Results> {
    await this.start();
    const control = controlOf(statement.text);
    if (control === 'begin') this.isOpen = true;
    if (control === 'commit' || control === 'rollback') this.isOpen = false;
    if (control !== 'none' && control !== 'mixed') return this.query(statement);
    const why = this.isOpen ? undefined : await doneAlready(this.client, statement.text);
    if (why !== undefined) {
      this.run.reporter.line(why);
      return { rows: [] };
    }
    if (isConcurrent(statement.text)) return this.concurrently(statement);
    const locks = new LearnedLocks('What the migration did before that stays.');
    return withLockRetries(this.run, locks, async (timeoutMs) => {
      await this.limit(timeoutMs);
      return this.watched(locks, () => this.attempt(statement));
    });
  }

  /** Without lock_timeout: while it waits, it blocks neither reads nor writes. */
  private async concurrently(statement: SentStatement): Promise<Results> {
    await this.limit(0);
    return this.query(statement);
  }

  /** Before the first transaction, whose characteristics cannot be set after another statement. */
  private async start(): Promise<void> {
    if (this.isStarted) return;
    this.isStarted = true;
    const begun = await this.client.query(beginWorkSql('session', this.lockTimeoutMs, this.run.limits));
    noteReplication(this.run.sequelize, rowsIn(begun));
  }

  private async limit(lockTimeoutMs: number): Promise<void> {
    if (this.lockTimeoutMs !== lockTimeoutMs)
      await this.client.query(`SET lock_timeout = ${String(lockTimeoutMs)}`);
    this.lockTimeoutMs = lockTimeoutMs;
  }

  /** Leaves the session as it was where the statement fails, so that it can be sent again. */
  private async attempt(statement: SentStatement): Promise<Results> {
    if (!this.isOpen) {
      return this.query(statement).catch(async (error: unknown) => {
        if (controlOf(statement.text) === 'mixed') await this.client.query('ROLLBACK');
        throw error;
      });
    }
    await this.client.query(SAVEPOINT);
    try {
      const results = await this.query(statement);
      await this.client.query(`RELEASE ${SAVEPOINT}`);
      return results;
    } catch (error) {
      if (isLockTimeout(error)) await this.client.query(`ROLLBACK TO ${SAVEPOINT}`);
      throw error;
    }
  }

  private query({ text, values }: SentStatement): Promise<Results> {
    return this.client.query(values?.length ? { text, values } : text);
  }

  /** Ends a statement that keeps others waiting. */
  private async watched(locks: LearnedLocks, work: () => Promise<Results>): Promise<Results> {
    const ended: EndedError[] = [];
    const watching = watch(this.run, processIdOf(this.client), ({ own, tooLong, cancel }) => {
      if (own) locks.learn(own);
      if (own || !tooLong || ended.length > 0) return;
      ended.push(keepsOthersWaiting(tooLong, []));
      cancel();
    });
    try {
      return await work();
    } catch (error) {
      throw ended[0] ?? error;
    } finally {
      await watching.end();
    }
  }
}
