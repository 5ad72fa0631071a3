import type { Sequelize } from 'sequelize';
import type { Scope } from '../postgres';

/** What a server says of how others get what is written to it. */
export interface Replication {
  /** A commit waits until a standby has it: `synchronous_standby_names` is set. */
  readonly isSynchronous: boolean;
  /** Standbys or subscribers are connected. */
  readonly hasReceivers: boolean;
  /** The database has publications, or tables to which a subscription writes. */
  readonly isLogical: boolean;
}

const NONE: Replication = { isSynchronous: false, hasReceivers: false, isLogical: false };

const noted = new WeakMap<Sequelize, Replication>();

/** What the last transaction or session of an instance of Sequelize has found, with `replicationSql`. */
export function replicationOf(sequelize: Sequelize): Replication {
  return noted.get(sequelize) ?? NONE;
}

export function noteReplication(sequelize: Sequelize, rows: readonly object[]): void {
  const row = rows.find((one) => 'isSynchronous' in one) ?? {};
  const isTrue = (name: keyof Replication) => Reflect.get(row, name) === true;
  noted.set(sequelize, {
    isSynchronous: isTrue('isSynchronous'),
    hasReceivers: isTrue('hasReceivers'),
    isLogical: isTrue('isLogical'),
  });
}

/**
 * Has a commit not wait for standbys, as an SQL expression that is not null where it would have. While it waits it keeps
 * its locks, and neither `statement_timeout` nor a client that is gone ends that: with a standby that is down, every read
 * of the table would hang (manual, 27.2.8). What was committed is waited for afterwards, without a lock.
 *
 * `off` stays: `local` would wait for this server's own disk.
 */
export function commitLocallySql(scope: Scope): string {
  return `CASE WHEN current_setting('synchronous_standby_names') <> ''
      AND current_setting('synchronous_commit') NOT IN ('off', 'local')
    THEN set_config('synchronous_commit', 'local', ${String(scope === 'transaction')}) END`;
}

/** What to select for `noteReplication`, in a transaction or session whose commits are not to wait for standbys. */
export function replicationSql(scope: Scope): string {
  return `${commitLocallySql(scope)} IS NOT NULL AS "isSynchronous",
    EXISTS (SELECT FROM pg_stat_get_wal_senders()) AS "hasReceivers",
    EXISTS (SELECT FROM pg_publication) OR EXISTS (SELECT FROM pg_subscription_rel) AS "isLogical"`;
}
