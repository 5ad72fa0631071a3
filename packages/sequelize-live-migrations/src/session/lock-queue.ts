import { setTimeout as sleep } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { quoteLiteral, type TableLockMode } from '../postgres';
import { LockHolders } from './lock-holders';
import { conflictingModes } from './lock-modes';
import { select } from './select';
import type { Relation } from './table-locks';

const POLL_MS = 8;

/** A lock on a table that blocks the application. */
export interface BlockingLock {
  readonly relation: Relation;
  readonly mode: TableLockMode;
}

/**
 * Looks at who holds locks before they are asked for, so that the application does not queue behind an attempt that
 * cannot succeed.
 */
export class LockQueue {
  private readonly holders = new LockHolders();

  constructor(
    private readonly sequelize: Sequelize,
    private readonly locks: readonly BlockingLock[],
  ) {}

  /**
   * Waits until the locks are worth asking for.
   *
   * @param onHung called with each session that has held one of them for long
   * @returns false where that is not before the deadline
   */
  async untilWorthAsking(
    timeoutMs: number,
    deadline: number,
    onHung: (holder: string) => Promise<void>,
  ): Promise<boolean> {
    for (;;) {
      const found = await select<{ holder: string }>(this.sequelize, holdersSql(this.locks));
      const now = Date.now();
      this.holders.see(
        found.map(({ holder }) => holder),
        now,
      );
      const advice = this.holders.advise(timeoutMs, now);
      if (advice.kind === 'ask') return true;
      if (now > deadline) return false;
      if (advice.kind === 'hung') await onHung(advice.holder);
      await sleep(POLL_MS);
    }
  }
}

/**
 * The transactions that hold a conflicting lock, or wait for one. An autovacuum is none: it gives way to whoever asks.
 * Nobody's name is shown of it, to whatever role.
 */
function holdersSql(locks: readonly BlockingLock[]): string {
  const conflicts = locks.map(({ relation, mode }) => {
    const modes = conflictingModes(mode).map(quoteLiteral).join(', ');
    return `l.relation = to_regclass(${quoteLiteral(relation.sql)}) AND l.mode IN (${modes})`;
  });
  return `SELECT DISTINCT l.virtualtransaction AS holder FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.pid IS DISTINCT FROM pg_backend_pid() AND (${conflicts.join(' OR ')})
      AND NOT EXISTS (SELECT FROM pg_stat_get_activity(l.pid) a WHERE l.pid IS NOT NULL AND a.usesysid IS NULL)`;
}
