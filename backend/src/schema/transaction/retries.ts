import { setTimeout as sleep } from 'node:timers/promises';
import { SQLSTATE, sqlStateOf } from '../errors';
import { stopsWrites, type TableLockMode } from '../locks';
import type { Run } from './index';
import { holderOf, type Holder } from './holder';
import { LockTimeoutError } from './table-locks';

/** What is attempted again and again, until nobody holds what it needs. */
export interface Wanted {
  /** Left out before it is known: then the tables are those that the search_path finds. */
  readonly schema?: string;
  readonly tables: readonly string[];
  /** The lock that its statements need of the tables. */
  readonly mode: TableLockMode;
  /** What is true of the migration when this is given up: `Nothing of this migration was done.` */
  readonly left: string;
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
  wanted: Wanted,
  attempt: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + run.limits.lockWaitMs;
  let announced: string | undefined;
  for (let n = 0; ; n += 1) {
    const timeoutMs = Math.min(FIRST_TIMEOUT_MS + n * TIMEOUT_STEP_MS, run.limits.lockTimeoutMs);
    try {
      return await attempt(timeoutMs);
    } catch (error) {
      const mode = modeInTheWay(error, wanted.mode, n);
      if (!mode) throw error;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** n, LONGEST_PAUSE_MS) * (0.5 + Math.random());
      const holder = await holderOf(run.sequelize, { ...wanted, mode });
      if (Date.now() + pause > deadline) throw givenUp(run, wanted, holder, error);
      if (holder.who !== announced) run.reporter.line(`waiting for a lock on ${holder.inWords}`);
      announced = holder.who;
      await sleep(pause);
    }
  }
}

/** The mode of the lock that an attempt failed to get; undefined where it failed for another reason. */
function modeInTheWay(error: unknown, mode: TableLockMode, attempts: number): TableLockMode | undefined {
  if (error instanceof LockTimeoutError) return error.mode;
  const state = sqlStateOf(error);
  const isLock = state === SQLSTATE.lockNotAvailable || state === SQLSTATE.deadlockDetected;
  const isSlow = state === SQLSTATE.queryCanceled && stopsWrites(mode) && attempts + 1 < SLOW_ATTEMPTS;
  return isLock || isSlow ? mode : undefined;
}

function givenUp(
  { sequelize, limits }: Run,
  { tables, left }: Wanted,
  holder: Holder,
  cause: unknown,
): Error {
  const what = `${tables.join(' and ')} of database ${sequelize.getDatabaseName()}`;
  const seconds = Math.round(limits.lockWaitMs / 1000);
  return new Error(
    `Could not lock ${what} within ${String(seconds)} s. In the way: ${holder.inWords}. ${left} ` +
      `Run the same command again when that session is done${holder.remedy}.`,
    { cause },
  );
}
