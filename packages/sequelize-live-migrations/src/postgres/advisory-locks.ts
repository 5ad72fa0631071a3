// Advisory locks (PostgreSQL manual, 13.3.5) belong to one database, and are released with the session or the
// transaction that holds them, however that ends. Their first number was chosen at random, for this package only.

const CLASS = 1_936_746_092;

/** Held by the session of a run, from before the migration log is first read until the run ends. */
export const RUN_LOCK: AdvisoryLock = [CLASS, 1];

/**
 * Held in shared mode by every transaction and index build of a run. A run that is killed loses `RUN_LOCK` at once,
 * but the server may go on for a moment with the run's last statement: until that has ended, `WORK_LOCK` is not free.
 */
export const WORK_LOCK: AdvisoryLock = [CLASS, 2];

export type AdvisoryLock = readonly [number, number];

/** The arguments of `pg_advisory_lock` and the similar functions. */
export function lockArguments(lock: AdvisoryLock): string {
  return lock.map(String).join(', ');
}

/**
 * Held by transactions of the application while two of its columns overlap, by the value that is written: the second number
 * is a hash of that. Another class, so that no value can have the number of a run's lock.
 */
export const OVERLAP_LOCK_CLASS = 1_936_746_093;
