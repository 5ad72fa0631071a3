import type { MigrationRun } from '../plan';
import type { Change } from '../vocabulary';

/** A migration to plan. */
export interface MigrationToPlan extends Omit<MigrationRun, 'changes'> {
  /** Undefined where its `up` is written by hand: what that does is only known when it runs. */
  readonly changes: readonly Change[] | undefined;
}
