import {
  mostRestrictiveMode,
  quoteLiteral,
  searchPathSql,
  serverMessageOf,
  SQLSTATE,
  sqlStateOf,
  type TableLock,
  statementsIn,
} from '../../postgres';
import type { Place } from '../../place';
import type { Precondition, Step } from '../../plan';
import {
  afterCommit,
  inTransaction,
  type LogChange,
  type Relation,
  relationsOf,
  type Run,
  takeNonBlockingLocks,
  withLockRetries,
} from '../../session';
import { TablesChangedError } from '../tables-changed-error';
import { failureOf } from './failure';
import type { Execution, Group } from './groups';
import { blockingLocksOf, lockingSql, locksOf } from './locks';

/**
 * Runs steps in one transaction: first all locks, then the check that the plan still matches the database, then the
 * steps, and after the last of them the migration log. From the blocking lock to the commit, all of it is one message to
 * the server: how long the lock is held depends neither on the network nor on whether this process goes on.
 *
 * @throws TablesChangedError where the plan does not match the database any more
 */
export async function runTransaction(run: Run, execution: Execution, planned: Group): Promise<void> {
  const group = { ...planned, steps: await withoutViolations(run, execution, planned) };
  try {
    await runGroup(run, execution, group);
  } catch (error) {
    const dropped = group.steps.filter(({ precondition }) => precondition);
    const isInUse = sqlStateOf(error) === SQLSTATE.dependentObjectsStillExist;
    if (!isInUse || dropped.length === 0) throw error;
    // Something that the inspection does not read depends on what was to be dropped: it stays.
    for (const { precondition } of dropped) {
      run.reporter.line(`${precondition?.otherwise ?? ''} (${serverMessageOf(error)})`);
    }
    await runGroup(run, execution, {
      ...group,
      steps: group.steps.filter(({ precondition }) => !precondition),
    });
  }
}

async function runGroup(run: Run, execution: Execution, group: Group): Promise<void> {
  const { steps, isFirst, isLast, outcome } = group;
  const { place } = execution;
  const locks = locksOf(steps);
  const log: LogChange = isLast ? await execution.logChange() : { statements: [] };
  const attempt = {
    relations: [...relationsOf(locks, place.schema), ...(log.table ? [log.table] : [])],
    mode: mostRestrictiveMode(locks),
    blocking: blockingLocksOf(steps, place),
    outcome,
  };
  const check = isFirst && attempt.blocking.length > 0 ? [assertUnchangedSql(execution)] : [];
  await withLockRetries(run, attempt, (timeoutMs) =>
    inTransaction(run, timeoutMs, async (query) => {
      const options = { place, limits: run.limits, timeoutMs, logTable: log.table };
      const { nonBlocking, blocking } = lockingSql(steps, options);
      await takeNonBlockingLocks(query, [searchPathSql(place.schema), ...nonBlocking]);
      const statements = [
        ...blocking,
        ...check,
        ...steps.map((step) => step.sql),
        ...log.statements,
        'COMMIT',
      ];
      try {
        for (const message of messagesOf(statements, place)) await query(message);
      } catch (error) {
        throw explain(place, group, error);
      }
    }),
  );
  log.onCommitted?.();
  steps.forEach(({ purpose }) => run.reporter.line(purpose));
  await afterCommit(run, lockedExclusively(locks, place.schema));
}

/** The tables whose locks are replayed on standbys. */
function lockedExclusively(locks: readonly TableLock[], schema: string): Relation[] {
  return relationsOf(
    locks.filter(({ mode }) => mode === 'ACCESS EXCLUSIVE'),
    schema,
  );
}

/**
 * The messages in which some statements are sent: one, except with Citus. That forwards a statement to the workers as the
 * text of its whole message, and they refuse more than one: `cannot insert multiple commands into a prepared statement` (seen
 * with 12.1 and 13.2). A DO block would be one statement, but in it CREATE TABLE does not distribute the table with its
 * schema (utility_hook.c). So the locks are held for as long as the network takes, too.
 */
export function messagesOf(statements: readonly string[], { citus }: Pick<Place, 'citus'>): string[] {
  return citus
    ? [
        `SET LOCAL idle_in_transaction_session_timeout = ${String(LONGEST_PAUSE_MS)}`,
        ...statements.flatMap(statementsIn),
      ]
    : [statements.join(';\n')];
}

/** How long this process may pause between two messages before the server ends its session, and with it the locks. */
const LONGEST_PAUSE_MS = 5000;

/** The steps without those whose precondition, about something that nobody writes to any more, is violated. */
async function withoutViolations(run: Run, { place }: Execution, group: Group): Promise<Step[]> {
  const kept: Step[] = [];
  for (const step of group.steps) {
    const { precondition } = step;
    if (precondition && (await isViolated(run, place, precondition, step, group.outcome))) {
      run.reporter.line(precondition.otherwise);
    } else {
      kept.push(step);
    }
  }
  return kept;
}

/** Whether a precondition is violated. The search takes as long as it needs: its lock blocks neither reads nor writes. */
async function isViolated(
  run: Run,
  place: Place,
  { violation }: Precondition,
  step: Step,
  outcome: string,
): Promise<boolean> {
  const relations = relationsOf(step.locks, place.schema);
  const search = [
    searchPathSql(place.schema),
    'SET LOCAL row_security = off', // an error, rather than to see only some of the rows
    `SELECT true AS found WHERE EXISTS (${violation})`,
  ];
  const rows = await withLockRetries(run, { relations, mode: 'ACCESS SHARE', outcome }, (timeoutMs) =>
    inTransaction(run, timeoutMs, (query) =>
      query(search.join(';\n')).catch((error: unknown) => {
        throw failureOf(place, [step], outcome, error);
      }),
    ),
  );
  return rows.some((row) => 'found' in row);
}

/** The error code of our own assertion, in a class that the server does not use (manual, Appendix A). */
const TABLES_CHANGED = 'UC001';

/** Fails where the tables are not those any more that the plan was made for. */
function assertUnchangedSql({ seen }: Execution): string {
  const condition = `(${seen.sql}) = ${quoteLiteral(seen.fingerprint)}`;
  const raise = `RAISE EXCEPTION USING ERRCODE = '${TABLES_CHANGED}', MESSAGE = 'the tables are not what they were a moment ago'`;
  return `DO ${quoteLiteral(`BEGIN IF NOT ${condition} THEN ${raise}; END IF; END`)}`;
}

/** The error to throw for an error of a group: a TablesChangedError where planning again may help. */
function explain(place: Place, { steps, isFirst, outcome }: Group, error: unknown): Error {
  const state = sqlStateOf(error) ?? '';
  const failure = failureOf(place, steps, outcome, error);
  // An application's sync() may have created it meanwhile: plan again, and reconcile with that.
  const isChanged = state === TABLES_CHANGED || (isFirst && ALREADY_EXISTS.includes(state));
  return isChanged ? new TablesChangedError(failure) : failure;
}

const ALREADY_EXISTS: readonly string[] = [
  SQLSTATE.duplicateTable,
  SQLSTATE.duplicateColumn,
  SQLSTATE.duplicateObject,
];
