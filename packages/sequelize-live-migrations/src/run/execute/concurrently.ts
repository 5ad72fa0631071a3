import type { Place } from '../../place';
import type { Step } from '../../plan';
import { searchPathSql } from '../../postgres';
import {
  afterCommit,
  asConnection,
  beginWorkSql,
  inTransaction,
  oidsSql,
  rowsIn,
  type LockAttempt,
  type Relation,
  relationsOf,
  type Run,
  select,
  SESSION,
  takeNonBlockingLocks,
  withLockRetries,
} from '../../session';
import { failureOf } from './failure';
import type { Group } from './groups';
import { lockingSql } from './locks';

const POLL_MS = 500;

/**
 * Runs a step that may not be in a transaction, such as `CREATE INDEX CONCURRENTLY`, and reports its progress and the
 * session that it waits for. Without lock_timeout, with which it would fail behind any writer and leave an invalid
 * index: while it waits, it blocks neither reads nor writes. Its limit is that of long statements.
 */
export async function runConcurrently(run: Run, place: Place, { outcome }: Group, step: Step): Promise<void> {
  const relations = relationsOf(step.locks, place.schema);
  await waitForOthers(run, place, step, { relations, mode: 'SHARE UPDATE EXCLUSIVE', outcome });
  const { connectionManager } = run.sequelize;
  const pooled = await connectionManager.getConnection({ type: 'write' });
  try {
    const connection = asConnection(pooled);
    await connection.query(beginWorkSql('session', 0, run.limits));
    await connection.query(searchPathSql(place.schema, 'session'));
    const rows = rowsIn(await connection.query('SELECT pg_backend_pid() AS pid'));
    run.reporter.line(step.purpose);
    const watch = watchBuild(run, step.purpose, Number(rows[0]?.['pid']));
    await connection.query(step.sql).finally(() => watch.end());
  } catch (error) {
    const leftover = (await isUnfinished(run, relations).catch(() => false)) ? ` ${UNFINISHED_INDEX}` : '';
    throw failureOf(place, [step], `${outcome}${leftover}`, error);
  } finally {
    await connectionManager.destroyConnection(pooled); // with the settings and the lock of its session
  }
  await afterCommit(run);
}

/**
 * Acquires the lock of the build, and releases it at once. Two builds on one table that wait for each other are a
 * deadlock, and the server cancels the one that has waited longer, which would be that of another session.
 */
async function waitForOthers(run: Run, place: Place, step: Step, lock: LockAttempt): Promise<void> {
  await withLockRetries(run, lock, (timeoutMs) =>
    inTransaction(run, timeoutMs, (query) =>
      takeNonBlockingLocks(query, lockingSql([step], { place, limits: run.limits, timeoutMs }).nonBlocking),
    ),
  );
}

const UNFINISHED_INDEX =
  'An index of the table is not finished, and no query uses it: if it is this one, the same command drops it and builds it again.';

async function isUnfinished({ sequelize }: Run, relations: readonly Relation[]): Promise<boolean> {
  const unfinished = `SELECT FROM pg_index WHERE NOT indisvalid AND indrelid = ANY (${oidsSql(relations)})`;
  return (await select(sequelize, unfinished)).length > 0;
}

interface Build {
  readonly phase: string;
  /** Null where nothing is counted, as when an index is dropped. */
  readonly done: number | null;
  readonly total: number | null;
  readonly waitsFor: { readonly pid: number; readonly session: string } | null;
}

/** Reports the progress of a build until `end` is called. */
function watchBuild({ sequelize, reporter }: Run, purpose: string, pid: number) {
  let announced: number | undefined;
  const poll = async () => {
    const [build] = await select<Build>(sequelize, progressSql(pid));
    if (!build) return;
    const { phase, done, total, waitsFor } = build;
    if (waitsFor !== null && waitsFor.pid !== announced) reporter.line(`${phase}: ${waitsFor.session}`);
    else if (done !== null && total !== null)
      reporter.progress({ what: `${purpose}: ${phase}`, done, total });
    announced = waitsFor?.pid ?? announced;
  };
  // An error is ignored: the build does not depend on its progress being reported.
  const timer = setInterval(() => void poll().catch(() => undefined), POLL_MS);
  return {
    end() {
      clearInterval(timer);
      reporter.progress(undefined);
    },
  };
}

/** The progress of a build (manual, 27.4.4), and the session that it waits for. */
function progressSql(pid: number): string {
  const blocker = `SELECT json_build_object('pid', a.pid, 'session', ${SESSION}) FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(build.pid)) LIMIT 1`;
  return `SELECT coalesce(phase, 'waiting for older transactions') AS phase, greatest(blocks_done, tuples_done)::float8 AS done,
      greatest(blocks_total, tuples_total)::float8 AS total, (${blocker}) AS "waitsFor"
    FROM (VALUES (${String(pid)})) AS build(pid) LEFT JOIN pg_stat_progress_create_index USING (pid)`;
}
