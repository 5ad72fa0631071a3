/**
 * The table lock modes that migrations need (manual, 13.3.1). Each conflicts with all that the one before it does, but for
 * `SHARE`, which lets others build indexes as well.
 */
export const TABLE_LOCK_MODES = [
  'ACCESS SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
export type TableLockMode = (typeof TABLE_LOCK_MODES)[number];

/** A lock that a statement takes on a table. */
export interface TableLock {
  readonly table: string;
  readonly mode: TableLockMode;
}

/** The mode among those of some locks that conflicts with most; `ACCESS SHARE` where there are none. */
export function mostRestrictiveMode(locks: readonly TableLock[]): TableLockMode {
  const rank = Math.max(...locks.map(({ mode }) => TABLE_LOCK_MODES.indexOf(mode)));
  return TABLE_LOCK_MODES[rank] ?? 'ACCESS SHARE';
}

/** Whether a lock of this mode blocks the application's writes, or its reads as well. */
export function blocksWrites(mode: TableLockMode): boolean {
  return TABLE_LOCK_MODES.indexOf(mode) >= TABLE_LOCK_MODES.indexOf('SHARE');
}
