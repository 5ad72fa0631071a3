import type { TableLockMode } from '../postgres';

/** The modes as `pg_locks` names them, in the order of the manual's table 13.2. */
const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** The first of `MODES` that conflicts with a mode: all after that one do as well (manual, table 13.2). */
const FIRST_CONFLICT: Readonly<Record<TableLockMode, string>> = {
  'ACCESS SHARE': 'AccessExclusiveLock',
  'ROW EXCLUSIVE': 'RowShareLock', // on the table only from ShareLock on; but a session with RowShareLock may have locked rows
  'SHARE UPDATE EXCLUSIVE': 'ShareUpdateExclusiveLock',
  SHARE: 'RowExclusiveLock', // and not another ShareLock, which does not matter: few sessions have one
  'SHARE ROW EXCLUSIVE': 'RowExclusiveLock',
  'ACCESS EXCLUSIVE': 'AccessShareLock',
};

/** The modes that conflict with a mode, as `pg_locks` names them. */
export function conflictingModes(mode: TableLockMode): string[] {
  return MODES.slice(MODES.indexOf(FIRST_CONFLICT[mode]));
}
