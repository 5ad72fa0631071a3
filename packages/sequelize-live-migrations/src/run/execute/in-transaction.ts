import {
  serverMessageOf,
  quoteLiteral,
  searchPathSql,
  SQLSTATE,
  sqlStateOf,
  blocksWrites,
  strongest,
  type TableLock,
} from '../../postgres';
import { StalePlanError } from '../stale-plan-error';
import type { Precondition, Step } from '../../plan';
import { inTransaction, type Run } from '../transaction/transaction';
import { withLockRetries } from '../transaction/retries';
import { lockTableSql, relationsOf, blockingTimeoutsSql } from '../transaction/table-locks';
import { takeNonBlockingLocks } from '../transaction/non-blocking-locks';
import { failureOf } from './explain';
import type { Execution, Group } from './groups';

/**
 * Runs steps in one transaction: all locks first, then a second look at what the plan stands on, then the steps,
 * and where they are the last ones the record. From the strong lock to the commit, all of it is one message to
 * the server: how long the lock is held depends neither on the network nor on whether this process goes on.
 *
 * @throws StalePlanError where that look shows something else
 */
export async function runTransaction(run: Run, execution: Execution, wholeGroup: Group): Promise<void> {
  const { schema } = execution.inspection.live;
  const group = { ...wholeGroup, steps: await withoutDisproved(run, schema, wholeGroup) };
  const locks = locksOf(group.steps);
  const mode = strongest(locks);
  const tables = relationsOf(locks, schema);
  const record = group.isLast ? await execution.record() : { statements: [] };
  const relations = [...tables, ...(record.table ? [record.table] : [])];
  const work = [
    ...(blocksWrites(mode)
      ? [
          blockingTimeoutsSql,
          () => lockTableSql(tables, mode),
          ...(group.isFirst ? [() => unchanged(execution)] : []),
        ]
      : []),
    ...group.steps.flatMap(({ sql, precondition }) => [
      ...(precondition && !precondition.hasNoWriters ? [() => holds(precondition)] : []),
      () => sql,
    ]),
    ...record.statements.map((sql) => () => sql),
    () => 'COMMIT', // Sequelize's own, one message later, finds nothing left to do
  ];
  await withLockRetries(run, { relations, mode, outcome: group.outcome }, (timeoutMs) =>
    inTransaction(run, timeoutMs, async (query) => {
      await takeNonBlockingLocks(run, query, { tables, record: record.table, first: searchPathSql(schema) });
      await explained(group, query(work.map((sql) => sql(timeoutMs)).join(';\n')));
    }),
  );
  group.steps.forEach(({ purpose }) => run.reporter.line(purpose));
}

/** The steps but those whose claim about what nobody writes to any more is not true. */
async function withoutDisproved(
  run: Run,
  schema: string,
  { steps, outcome }: Group,
): Promise<readonly Step[]> {
  const kept: Step[] = [];
  for (const step of steps) {
    if (!step.precondition?.hasNoWriters || !(await isDisproved(run, schema, step, outcome))) kept.push(step);
    else run.reporter.line(`${step.purpose}: left, because it holds what was written in the last moment`);
  }
  return kept;
}

/** Searches for a row that contradicts what a step stands on, for as long as it takes; nobody waits for it. */
async function isDisproved(run: Run, schema: string, step: Step, outcome: string): Promise<boolean> {
  const relations = relationsOf(step.locks, schema);
  const found = await withLockRetries(run, { relations, mode: 'ACCESS SHARE', outcome }, (timeoutMs) =>
    inTransaction(run, timeoutMs, (query) =>
      query(
        `${searchPathSql(schema)};\nSET LOCAL row_security = off;\nSELECT true AS found WHERE EXISTS (${step.precondition?.violation ?? ''})`,
      ).catch((error: unknown) => {
        throw failureOf([step], outcome, error);
      }),
    ),
  );
  return found.some((row) => 'found' in row);
}

/** The codes with which our own assertions fail: of the class that is left to everybody (manual, Appendix A). */
const CHANGED = 'UC001';
const IN_DOUBT = 'UC002';

/** Fails where the catalog is not what the plan was made from. */
function unchanged({ inspection: { seen } }: Execution): string {
  const asserted = `(SELECT hash FROM (${seen.sql}) AS its) = ${quoteLiteral(seen.hash)}`;
  const message = 'the tables are not what they were a moment ago';
  return `DO ${quoteLiteral(`BEGIN IF NOT ${asserted} THEN ${raise(CHANGED, message)} END IF; END`)}`;
}

/** Fails where a counter-example is found; also where it could not be looked for, or not within the time. */
function holds({ subject, violation }: Precondition): string {
  const body = `DECLARE found boolean;
    BEGIN
      PERFORM set_config('row_security', 'off', true); -- an error, rather than to see only some of the rows
      BEGIN found := EXISTS (${violation}); EXCEPTION WHEN query_canceled OR OTHERS THEN found := true; END;
      IF found THEN ${raise(IN_DOUBT, subject)} END IF;
    END`;
  return `DO ${quoteLiteral(body)}`;
}

function raise(code: string, message: string): string {
  return `RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = ${quoteLiteral(message)};`;
}

/** Waits for the steps of a group, and says of an error what they were for, and what is to be done about it. */
async function explained({ steps, isFirst, outcome }: Group, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const state = sqlStateOf(error) ?? '';
    const claims = steps.flatMap(({ precondition }) => precondition?.subject ?? []);
    const description = failureOf(steps, outcome, error);
    if (state === CHANGED) throw new StalePlanError(description, 'changed');
    if (state === IN_DOUBT)
      throw new StalePlanError(description, { subjects: [serverMessageOf(error)], reason: IT_MAY });
    // Something that the catalog's reader does not know hangs on what was to be dropped.
    if (state === SQLSTATE.dependentObjectsStillExist && claims.length > 0) {
      throw new StalePlanError(description, { subjects: claims, reason: serverMessageOf(error) });
    }
    // A service's sync() may have been quicker: look again, and converge with what it has made.
    if (isFirst && MADE_MEANWHILE.includes(state)) throw new StalePlanError(description, 'changed');
    throw description;
  }
}

const IT_MAY = 'it holds something by now, or could not be searched in the moment that there is under a lock';

const MADE_MEANWHILE: readonly string[] = [
  SQLSTATE.duplicateTable,
  SQLSTATE.duplicateColumn,
  SQLSTATE.duplicateObject,
];

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
