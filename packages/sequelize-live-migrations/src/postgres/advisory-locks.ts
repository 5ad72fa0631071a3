// Advisory locks (PostgreSQL manual, 13.3.5): they belong to one database, and go with the session or the
// transaction that holds them, however that ends. The first number is this module's own, chosen at random.

const CLASS = 1_936_746_092;

/** Held by the session of a run, from its first look at the record until it ends. */
export const RUN_LOCK: AdvisoryLock = [CLASS, 1];

/**
 * Shared by every transaction and build that works. A run that was killed has lost its run lock at once, but
 * the server may go on for a moment with its last statement: until that is gone, this one is not free.
 */
export const WORK_LOCK: AdvisoryLock = [CLASS, 2];

export type AdvisoryLock = readonly [number, number];

/** The arguments of `pg_advisory_lock` and its like. */
export function lockArguments(lock: AdvisoryLock): string {
  return lock.map(String).join(', ');
}
