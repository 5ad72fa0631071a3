import type { Inspection } from '../../catalog';
import type { Step } from '../../plan';
import { inTransaction, type Run } from '../transaction/transaction';
import { searchPathSql } from '../../postgres';
import { withLockRetries } from '../transaction/retries';
import { relationsOf } from '../transaction/table-locks';
import { failureOf } from './explain';
import type { Group } from './groups';

interface Batch {
  readonly last: string | null;
  readonly rows: number;
}

/**
 * Goes through a table in batches, each in a transaction of its own, which gives way when it comes across a row
 * that somebody has locked.
 */
export async function runBatches(
  run: Run,
  { live: { schema } }: Inspection,
  { outcome }: Group,
  step: Step,
  next: (last: string) => string,
): Promise<void> {
  const relations = relationsOf(step.locks, schema);
  const runBatch = (sql: string) =>
    withLockRetries(run, { relations, mode: 'ROW EXCLUSIVE', outcome }, (timeoutMs) =>
      inTransaction(run, timeoutMs, async (query) => {
        await query(searchPathSql(schema));
        return query<Batch>(sql).catch((error: unknown) => {
          throw failureOf([step], outcome, error);
        });
      }),
    );
  run.reporter.line(step.purpose);
  let done = 0;
  for (let sql: string | undefined = step.sql; sql !== undefined;) {
    const [batch]: Batch[] = await runBatch(sql);
    done += batch?.rows ?? 0;
    run.reporter.progress({ what: step.purpose, done });
    sql = batch?.last == null ? undefined : next(batch.last);
  }
  run.reporter.progress(undefined);
}
