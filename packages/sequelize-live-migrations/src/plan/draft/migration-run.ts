import type { Change } from '../../vocabulary';

/** The migration that is planned. */
export interface MigrationRun {
  /** In the migration log. */
  readonly name: string;
  readonly direction: 'up' | 'down';
  /** The changes of the later migrations in the log, in order: this one does not override them. */
  readonly later: readonly Change[];
  /** The changes of the earlier migrations in the log, in order; left out where that is not known. */
  readonly earlier?: readonly Change[];
  /** The changes of this one. */
  readonly changes: readonly Change[];
  /** Plan as for tables with rows: for what is said of a migration where there are none. */
  readonly assumesRows?: boolean;
}
