import { SQLSTATE, sqlStateOf, StalePlanError } from '../errors';
import { readCatalog, type Inspection } from '../inspect';
import { stopsWrites, strongest, type TableLock } from '../locks';
import type { Claim, Step } from '../plan';
import { inTransaction, searchPathSql, type Query, type Run } from '../transaction';
import { withLockRetries } from '../transaction/retries';
import { lockTables } from '../transaction/table-locks';
import { explained } from './explain';
import type { Execution, Group } from './index';

/**
 * Runs steps in one transaction: all locks first, then a second look at what the plan stands on, then the
 * steps, and where they are the last ones the record.
 *
 * @throws StalePlanError where that look shows something else
 */
export async function runTransaction(
  run: Run,
  { inspection, record }: Execution,
  group: Group,
): Promise<void> {
  const { schema } = inspection.live;
  const locks = locksOf(group.steps);
  const lock = { schema, tables: tablesOf(locks), mode: strongest(locks), left: group.left };
  await withLockRetries(run, lock, (timeoutMs) =>
    inTransaction(run, timeoutMs, async (query, transaction) => {
      await query(searchPathSql(schema));
      if (locks.length > 0) await lockTables(query, { schema, locks, timeoutMs, limits: run.limits });
      if (group.isFirst && stopsWrites(lock.mode)) await assertUnchanged(query, inspection);
      for (const step of group.steps) {
        if (step.provided) await assertHolds(query, inspection, step.provided);
        run.reporter.line(step.purpose);
        await runStep(query, group, step);
      }
      if (group.isLast) await record(transaction);
    }),
  );
}

async function runStep(query: Query, { isFirst, left }: Group, step: Step): Promise<void> {
  try {
    await explained(step, left, query(step.sql));
  } catch (error) {
    const state = sqlStateOf(error) ?? '';
    // A service's sync() may have been quicker: look again, and converge with what it has made.
    if (isFirst && MADE_MEANWHILE.includes(state)) throw changed(String(error));
    // Something that the catalog's reader does not know hangs on what was to be dropped.
    if (step.provided && state === SQLSTATE.dependentObjectsStillExist) {
      throw new StalePlanError(String(error), step.provided.subject);
    }
    throw error;
  }
}

const MADE_MEANWHILE: readonly string[] = [
  SQLSTATE.duplicateTable,
  SQLSTATE.duplicateColumn,
  SQLSTATE.duplicateObject,
];

async function assertUnchanged(query: Query, { seen }: Inspection): Promise<void> {
  const { text } = await readCatalog(query, seen.sql);
  if (text !== seen.text) throw changed('its tables are not what they were a moment ago');
}

function changed(what: string): StalePlanError {
  return new StalePlanError(what);
}

/** Counter-examples, an error and a timeout say the same: it may hold something. */
async function assertHolds(
  query: Query,
  { live }: Inspection,
  { subject, counterexample }: Claim,
): Promise<void> {
  await query("SELECT set_config('row_security', 'off', true)"); // an error, rather than to see only some of the rows
  const found = await query<{ found: boolean }>(`SELECT EXISTS (${counterexample}) AS found`).catch(() => []);
  if (found[0]?.found !== false) {
    throw new StalePlanError(`${subject} of database ${live.database} may hold something by now`, subject);
  }
}

/** The locks that steps take on tables which are there before the first of them, under the names from before. */
export function locksOf(steps: readonly Step[]): TableLock[] {
  const before = new Map<string, string | undefined>();
  return steps.flatMap(({ locks = [], names }) => {
    const its = locks.flatMap(({ table, mode }) => {
      const name = before.has(table) ? before.get(table) : table;
      return name === undefined ? [] : [{ table: name, mode }];
    });
    if (names) before.set(names.table, names.was);
    return its;
  });
}

function tablesOf(locks: readonly TableLock[]): string[] {
  return [...new Set(locks.map(({ table }) => table))];
}
