import type { Place } from '../../place';
import type { Step } from '../../plan';
import { afterCommit, inTransaction, relationsOf, type Run, withLockRetries } from '../../session';
import { searchPathSql } from '../../postgres';
import { WHAT_WAS_DONE } from '../outcomes';
import { failureOf } from './failure';
import type { Group } from './groups';

interface Batch {
  readonly last: string | null;
  readonly rows: number;
  readonly failure: string | null;
  readonly left?: number | null;
}

interface Done {
  readonly batch: Batch | undefined;
  readonly tookMs: number;
}

/**
 * Runs a step in batches, each in a transaction of its own. Where another session has locked a row of a batch, the batch
 * is rolled back after a short wait, and tried again.
 */
export async function runBatches(
  run: Run,
  place: Place,
  { outcome }: Group,
  step: Step,
  next: NonNullable<Step['next']>,
): Promise<void> {
  const relations = relationsOf(step.locks, place.schema);
  const runBatch = (sql: string, state: string) =>
    withLockRetries(run, { relations, mode: 'ROW EXCLUSIVE', outcome: state }, (timeoutMs) =>
      inTransaction(run, timeoutMs, async (query) => {
        // A policy that hides rows would leave them out, or fill them with what it lets through: an error instead.
        await query(`${searchPathSql(place.schema)};\nSET LOCAL row_security = off`);
        const begun = performance.now(); // until then, nothing is locked
        const [batch] = await query<Batch>(sql).catch((error: unknown) => {
          throw failureOf(place, [step], state, error);
        });
        if (batch?.failure) throw failureOf(place, [step], state, new Error(batch.failure));
        return { batch, tookMs: performance.now() - begun };
      }),
    );
  run.reporter.line(step.purpose);
  let done = 0;
  let left = 0;
  let size = step.rowsABatch ?? MOST_ROWS;
  let sql: string | undefined = step.sql;
  while (sql !== undefined) {
    const { batch, tookMs }: Done = await runBatch(sql, done === 0 ? outcome : WHAT_WAS_DONE);
    await afterCommit(run); // or the application would have to wait until a standby has caught up with all of them
    size = sizeOfNext(size, tookMs);
    done += batch?.rows ?? 0;
    left += batch?.left ?? 0;
    run.reporter.progress({ what: step.purpose, done });
    sql = batch?.last == null ? undefined : next(batch.last, size);
  }
  run.reporter.progress(undefined);
  if (left > 0) run.reporter.line(`${String(left)} ${step.left ?? 'rows are left'}`);
}

/** How long a batch is to take: who waits for one of its rows hardly notices. */
const BATCH_MS = 20;
const MOST_ROWS = 1000;

/** So many rows as fit into that time, going by those of the batch before: but neither far more than these nor far fewer. */
function sizeOfNext(rows: number, tookMs: number): number {
  const fitting = (rows * BATCH_MS) / tookMs;
  return Math.ceil(Math.min(Math.max(fitting, rows / 4), rows * 2, MOST_ROWS));
}
