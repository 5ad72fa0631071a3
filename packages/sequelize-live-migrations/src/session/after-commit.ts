import { setTimeout as sleep } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { quoteLiteral, serverMessageOf } from '../postgres';
import { replicationOf } from './replication';
import { select } from './select';
import type { Relation } from './table-locks';
import type { Run } from './transaction';

/** What is waited for less than that is not worth a line. */
const ANNOUNCE_MS = 500;
/** How often a line may say the same: a slow standby is waited for after each batch of rows. */
const AGAIN_MS = 10_000;
/** How long a standby may take to replay a lock before that is said. */
const REPLAY_MS = 1000;
const POLL_MS = 20;
/** How long a wait that was canceled may take to end. */
const CANCEL_MS = 5000;

/**
 * After a commit that has not waited for standbys: waits until they have it, where the server is set so, and says so; and
 * says where a standby cannot replay the locks of that commit.
 *
 * @param locked the tables that were locked in ACCESS EXCLUSIVE mode, the one mode that is replayed on standbys
 * @throws where no standby has confirmed it in time, with what is true of what was committed
 */
export async function afterCommit(run: Run, locked: readonly Relation[] = []): Promise<void> {
  const { isSynchronous, hasReceivers } = replicationOf(run.sequelize);
  if (isSynchronous && !unconfirmed.has(run.sequelize)) await untilConfirmed(run);
  if (hasReceivers && locked.length > 0) await reportReplay(run, locked);
}

/** For these it was waited once, and that is enough: what is done after an error does not wait for as long again. */
const unconfirmed = new WeakSet<Sequelize>();
const announcedAt = new WeakMap<Sequelize, number>();

/**
 * Waits for what an empty transaction would not wait for (nor one that only has a transaction id, or a message that is not
 * transactional). Until a standby has it on its disk: what it has not replayed yet may be held up by readers there.
 */
const CONFIRM = `BEGIN;
  SET LOCAL statement_timeout = 0;
  SELECT CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN set_config('synchronous_commit', 'on', true) END;
  SELECT pg_logical_emit_message(true, 'sequelize-live-migrations', '');
  COMMIT`;

/** The server's warning that a commit has not waited to the end (successful_completion is 00000, warning 01000). */
const WARNING = '01000';

async function untilConfirmed(run: Run): Promise<void> {
  const { connectionManager } = run.sequelize;
  const pooled = await connectionManager.getConnection({ type: 'write' });
  const connection = asNoticing(pooled);
  const codes = new Set<unknown>();
  const onNotice = ({ code }: { readonly code?: unknown }) => codes.add(code);
  connection.on('notice', onNotice);
  try {
    const confirmed = connection.query(CONFIRM).then(() => !codes.has(WARNING), lostMeanwhile);
    if ((await withinLimit(run, confirmed, connection.processID)) !== true) throw await notConfirmed(run);
  } catch (error) {
    await connectionManager.destroyConnection(pooled);
    throw error;
  } finally {
    connection.off('notice', onNotice);
  }
  connectionManager.releaseConnection(pooled);
}

/** @returns what was waited for; undefined where that has not even ended when it was canceled */
async function withinLimit(run: Run, confirmed: Promise<boolean>, pid: number): Promise<boolean | undefined> {
  confirmed.catch(() => undefined); // it may be that nobody waits for it any more
  const begun = Date.now();
  const soon = await within(confirmed, ANNOUNCE_MS);
  if (soon !== undefined) return soon;
  await announce(run, begun);
  const late = await within(confirmed, run.limits.lockWaitMs - ANNOUNCE_MS);
  if (late !== undefined) return late;
  // With the rights of who has logged in, as which the other session began as well.
  await select(run.sequelize, `SET LOCAL ROLE NONE; SELECT pg_cancel_backend(${String(pid)})`).catch(
    () => undefined,
  );
  return within(confirmed, CANCEL_MS);
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const timer = new AbortController();
  const timeout = sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timer.abort();
  }
}

async function announce(run: Run, now: number): Promise<void> {
  const before = announcedAt.get(run.sequelize) ?? 0;
  if (now - before < AGAIN_MS) return;
  announcedAt.set(run.sequelize, now);
  const { wanted, connected } = await standbysOf(run);
  run.reporter.line(
    `committed, and waiting for a standby to confirm it: synchronous_standby_names is ${wanted}; connected: ${connected}. ` +
      'No lock is held meanwhile',
  );
}

function lostMeanwhile(error: unknown): never {
  throw new Error(
    `${serverMessageOf(error)}. That was while a standby was waited for. What was done before is committed on that server; ` +
      'whether a standby has it is not known. Run the same command again: it does what is not done.',
  );
}

async function notConfirmed(run: Run): Promise<Error> {
  unconfirmed.add(run.sequelize);
  const { wanted, connected } = await standbysOf(run);
  const seconds = Math.round(run.limits.lockWaitMs / 1000);
  return new Error(
    `No standby has confirmed the commit, in up to ${String(seconds)} s: synchronous_standby_names is ${wanted}; connected: ` +
      `${connected}. What is done so far is committed on this server, and would be lost with it; what comes after it was not ` +
      'done. Start the standby, or have commits not wait for it: ALTER SYSTEM SET synchronous_standby_names = …; SELECT ' +
      'pg_reload_conf(). Then run the same command again: it does the rest, if any is left. MIGRATION_LOCK_WAIT is the ' +
      'number of seconds to wait.',
  );
}

/** In words. What the role may not see is left out: without pg_read_all_stats, all but the names. */
async function standbysOf(run: Run): Promise<{ readonly wanted: string; readonly connected: string }> {
  const [found] = await select<{ wanted: string; connected: string }>(
    run.sequelize,
    `SELECT current_setting('synchronous_standby_names') AS wanted, coalesce(string_agg(concat_ws(' ',
       coalesce(nullif(application_name, ''), 'unnamed'), state,
       'last heard of ' || extract(epoch FROM clock_timestamp() - reply_time)::int || ' s ago'), ', '), 'none') AS connected
     FROM pg_stat_replication`,
  ).catch(() => []); // the server may be gone
  return found ?? { wanted: 'not known any more', connected: 'not known' };
}

/** The tables that were locked since the standbys had last replayed all: any of them may be what holds one up. */
const unreplayed = new WeakMap<Sequelize, Set<string>>();

/** Looks for a short while whether the standbys replay a lock, and names those that do not. */
async function reportReplay(run: Run, locked: readonly Relation[]): Promise<void> {
  const tables = unreplayed.get(run.sequelize) ?? new Set();
  unreplayed.set(run.sequelize, tables);
  locked.forEach(({ name }) => tables.add(name));
  const [at] = await select<{ lsn: string }>(
    run.sequelize,
    'SELECT pg_current_wal_insert_lsn()::text AS lsn',
  );
  if (!at) return;
  const deadline = Date.now() + REPLAY_MS;
  for (;;) {
    const isLast = Date.now() >= deadline;
    const behind = await select<Behind>(run.sequelize, behindSql(at.lsn));
    if (behind.length === 0) {
      tables.clear();
      return;
    }
    if (isLast) {
      const held = behind.filter(({ hasReceived }) => hasReceived);
      held.forEach((standby) => reportBehind(run, standby, [...tables]));
      return;
    }
    await sleep(POLL_MS);
  }
}

function reportBehind({ reporter }: Run, { name, seconds }: Behind, tables: readonly string[]): void {
  reporter.line(
    `standby ${name} has received this, and not replayed it ${String(seconds)} s later: most likely a transaction there has ` +
      `read ${tables.join(' or ')}. New ones that read there wait behind it, until it ends, or is ended after ` +
      'max_standby_streaming_delay. On the standby, SELECT * FROM pg_stat_activity shows it; here, replay_lag of pg_stat_replication',
  );
}

interface Behind {
  readonly name: string;
  readonly seconds: number;
  readonly hasReceived: boolean;
}

/** The standbys that have not replayed up to a position. A role that may not see it sees none. Subscribers replay no locks. */
function behindSql(lsn: string): string {
  const position = `${quoteLiteral(lsn)}::pg_lsn`;
  return `SELECT coalesce(nullif(r.application_name, ''), 'unnamed') AS name, r.flush_lsn >= ${position} AS "hasReceived",
      greatest(${String(REPLAY_MS / 1000)}, extract(epoch FROM r.replay_lag)::int) AS seconds
    FROM pg_stat_replication r
    WHERE r.state = 'streaming' AND r.replay_lsn < ${position}
      AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
    ORDER BY 1`;
}

/** A connection of node-postgres, as far as it is needed here. */
interface Noticing {
  readonly processID: number;
  query(sql: string): Promise<unknown>;
  on(event: 'notice', listener: (notice: { readonly code?: unknown }) => void): unknown;
  off(event: 'notice', listener: (notice: { readonly code?: unknown }) => void): unknown;
}

function asNoticing(value: object): Noticing {
  if (isNoticing(value)) return value;
  throw new Error('node-postgres is needed: its connections can be queried, and pass on notices.');
}

function isNoticing(value: object): value is Noticing {
  const hasMethods = ['query', 'on', 'off'].every((name) => typeof Reflect.get(value, name) === 'function');
  return hasMethods && typeof Reflect.get(value, 'processID') === 'number';
}
