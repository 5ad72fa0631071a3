import { blocksWrites, type TableLockMode } from '../postgres';
import type { BlockingLock, LockAttempt, Relation } from '../session';
import type { Waiting } from './watch';

/**
 * The locks that a migration has had to wait for. What a plain migration locks is not known before it runs; but where an
 * attempt has failed for a lock, the next one looks whether that is free before it begins.
 */
export class LearnedLocks implements LockAttempt {
  readonly relations: Relation[] = [];
  readonly blocking: BlockingLock[] = [];
  mode: TableLockMode = 'ACCESS SHARE';

  constructor(readonly outcome: string) {}

  learn({ lock }: Waiting): void {
    if (
      !lock ||
      this.blocking.some(({ relation, mode }) => relation.sql === lock.relation.sql && mode === lock.mode)
    )
      return;
    this.mode = lock.mode;
    if (!this.relations.some(({ sql }) => sql === lock.relation.sql)) this.relations.push(lock.relation);
    if (blocksWrites(lock.mode)) this.blocking.push(lock);
  }
}
