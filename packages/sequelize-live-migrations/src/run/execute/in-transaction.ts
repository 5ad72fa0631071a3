import {
  blocksWrites,
  mostRestrictiveMode,
  quoteLiteral,
  searchPathSql,
  serverMessageOf,
  SQLSTATE,
  sqlStateOf,
  type TableLock,
} from '../../postgres';
import { StalePlanError } from '../stale-plan-error';
import type { Precondition, Step } from '../../plan';
import {
  blockingTimeoutsSql,
  inTransaction,
  lockTableSql,
  relationsOf,
  type Run,
  takeNonBlockingLocks,
  withLockRetries,
} from '../../session';
import { failureOf } from './explain';
import type { Execution, Group } from './groups';

/**
 * Runs steps in one transaction: first all locks, then the check that the plan still matches the database, then the
 * steps, and after the last of them the migration log. From the blocking lock to the commit, all of it is one message to
 * the server: how long the lock is held depends neither on the network nor on whether this process goes on.
 *
 * @throws StalePlanError where the plan does not match the database any more
 */
export async function runTransaction(run: Run, execution: Execution, planned: Group): Promise<void> {
  const { schema } = execution.inspection.live;
  const steps = await withoutViolations(run, schema, planned);
  const group = { ...planned, steps };
  const locks = locksOf(steps);
  const mode = mostRestrictiveMode(locks);
  const tables = relationsOf(locks, schema);
  const log = group.isLast ? await execution.logChange() : { statements: [] };
  const relations = [...tables, ...(log.table ? [log.table] : [])];
  const statements = [
    ...(group.isFirst && blocksWrites(mode) ? [assertUnchangedSql(execution)] : []),
    ...steps.flatMap(statementsOf),
    ...log.statements,
    'COMMIT', // Sequelize's own COMMIT, one message later, finds nothing left to do
  ];
  await withLockRetries(run, { relations, mode, outcome: group.outcome }, (timeoutMs) =>
    inTransaction(run, timeoutMs, async (query) => {
      const first = searchPathSql(schema);
      await takeNonBlockingLocks(run, query, { tables, logTable: log.table, firstStatement: first });
      const lock = blocksWrites(mode) ? [blockingTimeoutsSql(timeoutMs), lockTableSql(tables, mode)] : [];
      await query([...lock, ...statements].join(';\n')).catch((error: unknown) => {
        throw explain(group, error);
      });
    }),
  );
  steps.forEach(({ purpose }) => run.reporter.line(purpose));
}

/** The statements of a step: what checks its precondition under the lock, if it has one, and its own. */
function statementsOf({ sql, precondition }: Step): string[] {
  return precondition && !precondition.hasNoWriters ? [assertSql(precondition), sql] : [sql];
}

/** The steps without those whose precondition, about something that nobody writes to any more, is violated. */
async function withoutViolations(run: Run, schema: string, { steps, outcome }: Group): Promise<Step[]> {
  const kept: Step[] = [];
  for (const step of steps) {
    if (
      step.precondition?.hasNoWriters &&
      (await isViolated(run, schema, step.precondition, step, outcome))
    ) {
      run.reporter.line(`${step.purpose}: left, because it holds what was written in the last moment`);
    } else {
      kept.push(step);
    }
  }
  return kept;
}

/** Whether a precondition is violated. The search takes as long as it needs: its lock blocks neither reads nor writes. */
async function isViolated(
  run: Run,
  schema: string,
  { violation }: Precondition,
  step: Step,
  outcome: string,
): Promise<boolean> {
  const relations = relationsOf(step.locks, schema);
  const search = [
    searchPathSql(schema),
    'SET LOCAL row_security = off',
    `SELECT true AS found WHERE EXISTS (${violation})`,
  ];
  const rows = await withLockRetries(run, { relations, mode: 'ACCESS SHARE', outcome }, (timeoutMs) =>
    inTransaction(run, timeoutMs, (query) =>
      query(search.join(';\n')).catch((error: unknown) => {
        throw failureOf([step], outcome, error);
      }),
    ),
  );
  return rows.some((row) => 'found' in row);
}

/** The error codes of our own assertions, in a class that the server does not use (manual, Appendix A). */
const CATALOG_CHANGED = 'UC001';
const PRECONDITION_FAILED = 'UC002';

/** Fails where the catalog is not what the plan was made from. */
function assertUnchangedSql({ inspection: { seen } }: Execution): string {
  const condition = `(SELECT hash FROM (${seen.sql}) AS inspected) = ${quoteLiteral(seen.hash)}`;
  const message = 'the tables are not what they were a moment ago';
  return `DO ${quoteLiteral(`BEGIN IF NOT ${condition} THEN ${raise(CATALOG_CHANGED, message)} END IF; END`)}`;
}

/** Fails where a precondition is violated; also where that cannot be found out, or not within the timeout. */
function assertSql({ subject, violation }: Precondition): string {
  const body = `DECLARE found boolean;
    BEGIN
      PERFORM set_config('row_security', 'off', true); -- an error, rather than to see only some of the rows
      BEGIN found := EXISTS (${violation}); EXCEPTION WHEN query_canceled OR OTHERS THEN found := true; END;
      IF found THEN ${raise(PRECONDITION_FAILED, subject)} END IF;
    END`;
  return `DO ${quoteLiteral(body)}`;
}

function raise(code: string, message: string): string {
  return `RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = ${quoteLiteral(message)};`;
}

/** The error to throw for an error of a group: a StalePlanError where planning again may help. */
function explain({ steps, isFirst, outcome }: Group, error: unknown): Error {
  const state = sqlStateOf(error) ?? '';
  const subjects = steps.flatMap(({ precondition }) => precondition?.subject ?? []);
  const failure = failureOf(steps, outcome, error);
  if (state === CATALOG_CHANGED) return new StalePlanError(failure, 'changed');
  if (state === PRECONDITION_FAILED) {
    return new StalePlanError(failure, { subjects: [serverMessageOf(error)], reason: MAY_HAVE_DATA });
  }
  // Something that the inspection does not read depends on what was to be dropped.
  if (state === SQLSTATE.dependentObjectsStillExist && subjects.length > 0) {
    return new StalePlanError(failure, { subjects, reason: serverMessageOf(error) });
  }
  // An application's sync() may have created it meanwhile: inspect again, and reconcile with that.
  if (isFirst && ALREADY_EXISTS.includes(state)) return new StalePlanError(failure, 'changed');
  return failure;
}

const MAY_HAVE_DATA =
  'it has data by now, or could not be searched within the time for which a lock may block others';

const ALREADY_EXISTS: readonly string[] = [
  SQLSTATE.duplicateTable,
  SQLSTATE.duplicateColumn,
  SQLSTATE.duplicateObject,
];

/** The locks that steps take on tables which exist before the first of them, under the names from before. */
export function locksOf(steps: readonly Step[]): TableLock[] {
  const namesBefore = new Map<string, string | undefined>();
  return steps.flatMap(({ locks = [], names }) => {
    const existing = locks.flatMap(({ table, mode }) => {
      const name = namesBefore.has(table) ? namesBefore.get(table) : table;
      return name === undefined ? [] : [{ table: name, mode }];
    });
    if (names) namesBefore.set(names.table, names.was);
    return existing;
  });
}
