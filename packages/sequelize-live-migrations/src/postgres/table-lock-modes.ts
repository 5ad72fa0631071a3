/** The modes of table locks that are asked for here (PostgreSQL manual, 13.3.1), from weak to strong. */
export const TABLE_LOCK_MODES = [
  'ACCESS SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE ROW EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
export type TableLockMode = (typeof TABLE_LOCK_MODES)[number];

/** A lock that a statement takes on a table. */
export interface TableLock {
  readonly table: string;
  readonly mode: TableLockMode;
}

/** The strongest mode among some locks; where there are none, the one that stops nobody. */
export function strongest(locks: readonly TableLock[]): TableLockMode {
  const rank = Math.max(...locks.map(({ mode }) => TABLE_LOCK_MODES.indexOf(mode)));
  return TABLE_LOCK_MODES[rank] ?? 'ACCESS SHARE';
}

/** Whether the service's writes, or its reads as well, wait for a lock of this mode. */
export function stopsWrites(mode: TableLockMode): boolean {
  return mode === 'SHARE ROW EXCLUSIVE' || mode === 'ACCESS EXCLUSIVE';
}
