import { setTimeout as sleep } from 'node:timers/promises';
import { serverMessageOf, SQLSTATE, sqlStateOf, blocksWrites, type TableLockMode } from '../../postgres';
import type { Run } from './transaction';
import { type BlockingSession, blockingSessionOf } from './blocking-session';
import { isLockTimeout, LockTimeoutError, type Relation } from './table-locks';

/** What is attempted again and again, until nobody holds what it needs. */
export interface LockAttempt {
  readonly relations: readonly Relation[];
  /** The lock that its statements need of them. */
  readonly mode: TableLockMode;
  /** What is true of the migration when this is given up: `Nothing of this migration was done.` */
  readonly outcome: string;
}

const FIRST_TIMEOUT_MS = 100;
const TIMEOUT_STEP_MS = 50;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** How often a statement may take too long under a lock, before it is taken to be slow by itself. */
const SLOW_ATTEMPTS = 3;

/**
 * Runs `attempt`, which is one transaction, until it gets its locks. Between attempts it holds nothing at all,
 * and pauses, for longer each time and never for the same time as somebody else, so that who queued up behind
 * it is served. Each wait is told in one line, with whom it is for.
 *
 * @param attempt is given for how many milliseconds to wait for a lock that keeps the service waiting
 * @throws when the limit is reached, naming who holds the lock; whatever else `attempt` throws
 */
export async function withLockRetries<T>(
  run: Run,
  desired: LockAttempt,
  attempt: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + run.limits.lockWaitMs;
  let announced: string | undefined;
  for (let [n, slow] = [0, 0]; ; n += 1) {
    const timeoutMs = Math.min(FIRST_TIMEOUT_MS + n * TIMEOUT_STEP_MS, run.limits.lockTimeoutMs);
    try {
      return await attempt(timeoutMs);
    } catch (error) {
      const isCanceled = sqlStateOf(error) === SQLSTATE.queryCanceled && blocksWrites(desired.mode);
      if (!isCanceled && !isLockTimeout(error)) throw error;
      const mode = error instanceof LockTimeoutError ? error.mode : desired.mode;
      const blocker = await blockingSessionOf(run.sequelize, { ...desired, mode });
      // Canceled while nobody stood in the way: the statement itself may be what takes so long.
      if (isCanceled && blocker.who === undefined && (slow += 1) === SLOW_ATTEMPTS)
        throw tooSlow(error, timeoutMs);
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** n, LONGEST_PAUSE_MS) * (0.5 + Math.random());
      if (Date.now() + pause > deadline) throw givenUp(run, desired, blocker, error);
      if (blocker.who !== announced) run.reporter.line(`waiting for a lock on ${blocker.description}`);
      announced = blocker.who;
      await sleep(pause);
    }
  }
}

function tooSlow(cause: unknown, timeoutMs: number): Error {
  return new Error(
    `${serverMessageOf(cause)}. It took longer than ${String(timeoutMs)} ms, ${String(SLOW_ATTEMPTS)} times, under locks that ` +
      'others wait for, though nobody stood in its way. Where the server is that slow just now, run the same ' +
      'command again later.',
    { cause },
  );
}

function givenUp(
  { sequelize, limits }: Run,
  { relations, outcome }: LockAttempt,
  blocker: BlockingSession,
  cause: unknown,
): Error {
  const what = `${relations.map(({ name }) => name).join(' and ')} of database ${sequelize.getDatabaseName()}`;
  const seconds = Math.round(limits.lockWaitMs / 1000);
  return new Error(
    `Could not lock ${what} within ${String(seconds)} s. In the way: ${blocker.description}. ${outcome} ` +
      `Run the same command again when that session is done${blocker.advice}.`,
    { cause },
  );
}
