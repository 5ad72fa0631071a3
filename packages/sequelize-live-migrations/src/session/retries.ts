import { setTimeout as sleep } from 'node:timers/promises';
import { blocksWrites, serverMessageOf, SQLSTATE, sqlStateOf, type TableLockMode } from '../postgres';
import type { Run } from './transaction';
import { type BlockingSession, blockingSessionOf } from './blocking-session';
import { isLockTimeout, LockTimeoutError, type Relation } from './table-locks';

/** The locks that an attempt needs. */
export interface LockAttempt {
  readonly relations: readonly Relation[];
  /** The mode that its statements need. */
  readonly mode: TableLockMode;
  /** What is true of the migration when the last attempt has failed: `Nothing of this migration was done.` */
  readonly outcome: string;
}

const FIRST_TIMEOUT_MS = 100;
const TIMEOUT_STEP_MS = 50;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** How often a statement may time out under a lock with no session blocking it, before it is reported as slow. */
const SLOW_ATTEMPTS = 3;

/**
 * Runs `attempt`, which is one transaction, until it acquires its locks. Between two attempts it holds no lock and
 * pauses, longer each time and for a random time, so that sessions which have queued behind it go on. Each wait is
 * reported in one line, with the blocking session.
 *
 * @param attempt takes the time in milliseconds for which to wait for a lock that blocks the application
 * @throws at the limit, with the blocking session; and what else `attempt` throws
 */
export async function withLockRetries<T>(
  run: Run,
  lock: LockAttempt,
  attempt: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + run.limits.lockWaitMs;
  let announced: string | undefined;
  let slowAttempts = 0;
  for (let n = 0; ; n += 1) {
    const timeoutMs = Math.min(FIRST_TIMEOUT_MS + n * TIMEOUT_STEP_MS, run.limits.lockTimeoutMs);
    try {
      return await attempt(timeoutMs);
    } catch (error) {
      const isCanceled = sqlStateOf(error) === SQLSTATE.queryCanceled && blocksWrites(lock.mode);
      if (!isCanceled && !isLockTimeout(error)) throw error;
      const mode = error instanceof LockTimeoutError ? error.mode : lock.mode;
      const blocker = await blockingSessionOf(run.sequelize, { ...lock, mode });
      // Canceled with no session blocking: perhaps the statement itself takes so long.
      if (isCanceled && blocker.id === undefined) {
        slowAttempts += 1;
        if (slowAttempts === SLOW_ATTEMPTS) throw tooSlow(error, timeoutMs);
      }
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** n, LONGEST_PAUSE_MS) * (0.5 + Math.random());
      if (Date.now() + pause > deadline) throw timedOut(run, lock, blocker, error);
      if (blocker.id !== announced) run.reporter.line(`waiting for a lock on ${blocker.description}`);
      announced = blocker.id;
      await sleep(pause);
    }
  }
}

function tooSlow(cause: unknown, timeoutMs: number): Error {
  return new Error(
    `${serverMessageOf(cause)}. It took longer than ${String(timeoutMs)} ms, ${String(SLOW_ATTEMPTS)} times, under locks that ` +
      'others wait for, though no session blocked it. If the server is overloaded, run the same command again later.',
    { cause },
  );
}

function timedOut(
  { sequelize, limits }: Run,
  { relations, outcome }: LockAttempt,
  blocker: BlockingSession,
  cause: unknown,
): Error {
  const what = `${relations.map(({ name }) => name).join(' and ')} of database ${sequelize.getDatabaseName()}`;
  const seconds = Math.round(limits.lockWaitMs / 1000);
  return new Error(
    `Could not lock ${what} within ${String(seconds)} s. Blocking session on ${blocker.description}. ${outcome} ` +
      `Run the same command again when that session is done${blocker.advice}.`,
    { cause },
  );
}
