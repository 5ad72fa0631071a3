import { setTimeout as sleep } from 'node:timers/promises';
import { blocksWrites, serverMessageOf, SQLSTATE, sqlStateOf, type TableLockMode } from '../postgres';
import { type BlockingSession, blockingSessionOf } from './blocking-session';
import { type BlockingLock, LockQueue } from './lock-queue';
import { explainMissingRight } from './owners';
import { isLockTimeout, LockTimeoutError, namesOf, type Relation } from './table-locks';
import type { Run } from './transaction';

/** The locks that an attempt needs. */
export interface LockAttempt {
  readonly relations: readonly Relation[];
  /** The mode that its statements need. */
  readonly mode: TableLockMode;
  /** Those of them that block the application. */
  readonly blocking?: readonly BlockingLock[];
  /** What is true of the migration when the last attempt has failed: `Nothing of this migration was done.` */
  readonly outcome: string;
}

/** How often a statement may time out under a lock with no session blocking it, before it is reported as slow. */
const SLOW_ATTEMPTS = 3;

/**
 * Runs `attempt`, which is one transaction, until it acquires its locks. Locks that block the application are asked for
 * only when it is likely that they are free (lock-queue.ts). Between two attempts it holds no lock and pauses, for a random
 * time, so that sessions which have queued behind it go on. Each wait is reported in one line, with the blocking session.
 *
 * @param attempt takes the time in milliseconds for which to wait for a lock
 * @throws at the limit, with the blocking session; and what else `attempt` throws
 */
export async function withLockRetries<T>(
  run: Run,
  lock: LockAttempt,
  attempt: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const begun = Date.now();
  const deadline = begun + run.limits.lockWaitMs;
  let queue: LockQueue | undefined;
  const announce = announcer(run, lock);
  let slowAttempts = 0;
  for (let n = 0; ; n += 1) {
    const { blocking = [] } = lock; // an attempt may find out which they are
    if (blocking.length > 0) queue ??= new LockQueue(run.sequelize, blocking);
    const { timeoutMs, pauseMs } = queue ? blockingTimes(Date.now() - begun) : nonBlockingTimes(n);
    const limitMs = Math.min(timeoutMs, run.limits.lockTimeoutMs);
    if (queue && !(await queue.untilWorthAsking(limitMs, deadline, announce))) {
      throw timedOut(run, lock, await blockingSessionOf(run.sequelize, lock));
    }
    try {
      return await attempt(limitMs);
    } catch (error) {
      const isCanceled = sqlStateOf(error) === SQLSTATE.queryCanceled && blocksWrites(lock.mode);
      if (!isCanceled && !isLockTimeout(error)) throw await explainMissingRight(run.sequelize, lock, error);
      const mode = error instanceof LockTimeoutError ? error.mode : lock.mode;
      const blocker = await blockingSessionOf(run.sequelize, { ...lock, mode });
      // Canceled with no session blocking: perhaps the statement itself takes so long.
      if (isCanceled && blocker.id === undefined) {
        slowAttempts += 1;
        if (slowAttempts === SLOW_ATTEMPTS) throw tooSlow(error, run.limits.lockTimeoutMs);
      }
      const pause = pauseMs * (0.5 + Math.random());
      if (Date.now() + pause > deadline) throw timedOut(run, lock, blocker, error);
      await announce(blocker.id ?? 'gone', blocker);
      await sleep(pause);
    }
  }
}

interface Times {
  /** How long an attempt waits. */
  readonly timeoutMs: number;
  /** The middle of the pauses between two attempts. */
  readonly pauseMs: number;
}

/** The application may have to wait behind an attempt: so the shorter, the better, as long as one succeeds at last. */
function blockingTimes(waitedMs: number): Times {
  const step = BLOCKING_STEPS.findLast(({ fromMs }) => waitedMs >= fromMs);
  return { timeoutMs: step?.timeoutMs ?? 30, pauseMs: 60 };
}

const BLOCKING_STEPS = [
  { fromMs: 0, timeoutMs: 30 },
  { fromMs: 1000, timeoutMs: 140 },
  // Strictly periodic readers that overlap let nobody in otherwise.
  { fromMs: 12_000, timeoutMs: 260 },
];

/** Nobody has to wait behind an attempt. */
function nonBlockingTimes(n: number): Times {
  return { timeoutMs: 100 + n * 50, pauseMs: Math.min(100 * 2 ** n, 2000) };
}

/** Reports which session blocks a lock: each once, and not again for as long as it is the same. */
function announcer(run: Run, lock: LockAttempt) {
  let announced: string | undefined;
  return async (holder: string, known?: BlockingSession): Promise<void> => {
    if (holder === announced) return;
    const blocker = known ?? (await blockingSessionOf(run.sequelize, lock));
    if (blocker.id === undefined && known === undefined) return;
    announced = holder;
    run.reporter.line(`waiting for a lock on ${blocker.description}`);
  };
}

function tooSlow(cause: unknown, limitMs: number): Error {
  return new Error(
    `${serverMessageOf(cause)}. It took longer than ${String(limitMs)} ms, ${String(SLOW_ATTEMPTS)} times, under locks that ` +
      'others wait for, though no session blocked it. If the server is overloaded, run the same command again later; ' +
      'if it always takes so long, set MIGRATION_LOCK_TIMEOUT to more.',
    { cause },
  );
}

function timedOut(
  { sequelize, limits }: Run,
  { relations, outcome }: LockAttempt,
  blocker: BlockingSession,
  cause?: unknown,
): Error {
  const what = `${namesOf(relations)} of database ${sequelize.getDatabaseName()}`;
  const seconds = Math.round(limits.lockWaitMs / 1000);
  return new Error(
    `Could not lock ${what} within ${String(seconds)} s. Blocking session on ${blocker.description}. ${outcome} ` +
      `Run the same command again when that session is done${blocker.advice}.`,
    { cause },
  );
}
