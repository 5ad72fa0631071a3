import { isConnectionLost } from '../postgres';
import { afterCommit, isLockTimeout, type LogChange, type Run, withLockRetries, withRoute } from '../session';
import { failureOf, type Subject } from './explain';
import { EndedError, NotInTransactionError } from './failures';
import { LearnedLocks } from './learned-locks';
import { nameNestedTransactions } from './nested-transactions';
import { OneTransaction } from './one-transaction';
import { noteOwnSessions } from './own-sessions';
import { namesIn, warningsBetween } from './replicated-names';
import { settled } from './settled';
import { watchTransaction } from './watch-transaction';
import { eachStatement } from './each-statement';

/** A migration whose `up` and `down` are written by hand, in one direction. */
export interface PlainMigration extends Subject {
  /** Why it is not to be in a transaction, where that is known before it runs. */
  readonly reason: string | undefined;
  /**
   * Loads its module. Again before it is tried again, because it may have state of its own.
   *
   * @returns what to call
   */
  readonly load: (again: boolean) => Promise<() => unknown>;
  readonly logChange: () => Promise<LogChange>;
}

/**
 * Runs a plain migration: in one transaction with its row in the migration log; where PostgreSQL does not allow that,
 * each statement by itself, and the log is left to the storage.
 *
 * @throws with the server's words, the statement and the file
 */
export async function runPlain(run: Run, migration: PlainMigration): Promise<void> {
  noteOwnSessions();
  nameNestedTransactions(run.sequelize);
  const reason = migration.reason ?? (await inOneTransaction(run, migration));
  if (reason === undefined) return;
  run.reporter.line(`runs without a transaction of its own, as with stock sequelize-cli: ${reason}`);
  await eachStatement(run, migration);
}

/** @returns why it cannot be in a transaction, where that has turned out: then nothing of it was done */
async function inOneTransaction(run: Run, migration: PlainMigration): Promise<string | undefined> {
  const outcome = `Nothing of ${migration.name} was done in database ${run.sequelize.getDatabaseName()}.`;
  const locks = new LearnedLocks(outcome);
  let isAgain = false;
  try {
    await withLockRetries(run, locks, async (timeoutMs) => {
      const call = await migration.load(isAgain);
      isAgain = true;
      await attempt(run, migration, { call, locks, timeoutMs });
    });
  } catch (error) {
    if (error instanceof NotInTransactionError) return error.message;
    throw error;
  }
  await afterCommit(run);
  return undefined;
}

interface Attempt {
  readonly call: () => unknown;
  readonly locks: LearnedLocks;
  readonly timeoutMs: number;
}

/** What to do about a failure, where its own words do not say it. */
function nextStep(failure: unknown): string {
  if (isConnectionLost(failure)) return ' Run the same command again.';
  return failure instanceof EndedError ? '' : CORRECT;
}

const CORRECT = ' Correct the cause, and run the same command again.';

async function attempt(
  run: Run,
  migration: PlainMigration,
  { call, locks, timeoutMs }: Attempt,
): Promise<void> {
  const transaction = await OneTransaction.begin(run, timeoutMs);
  const watching = watchTransaction(run, transaction, locks);
  try {
    const before = await namesIn(run, transaction);
    const running = { ...migration, outcome: `${locks.outcome}${CORRECT}` };
    const work = withRoute(run.sequelize, transaction, () => settled(call, transaction, running));
    await Promise.race([work, transaction.stopped]);
    transaction.assertComplete();
    const after = before && (await namesIn(run, transaction, before));
    const log = await migration.logChange();
    await transaction.commit(log, timeoutMs);
    log.onCommitted?.();
    if (before && after) warningsBetween(before, after).forEach((warning) => run.reporter.line(warning));
  } catch (error) {
    const failure = transaction.failure ?? error;
    // After a timeout or a deadlock, another attempt may succeed.
    if (failure instanceof NotInTransactionError || isLockTimeout(failure)) throw failure;
    throw failureOf(migration, failure, `${locks.outcome}${nextStep(failure)}`);
  } finally {
    await watching.end();
    await transaction.close();
  }
}
