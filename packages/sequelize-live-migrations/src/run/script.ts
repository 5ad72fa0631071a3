import { type Group, groupsOf } from './execute/groups';
import { blocksWrites, quoteLiteral, searchPathSql, type TableLock } from '../postgres';
import type { Precondition, Step } from '../plan';
import { type Limits, lockTablesSql, lockTableSql, relationsOf } from '../session';
import { locksOf } from './execute/locks';
import type { PlannedMigration } from './plan-migrations';

export interface ScriptOptions {
  readonly limits: Limits;
  /** The statements that log a migration, which is the first one of the script or a later one. */
  readonly logStatements: (name: string, isFirst: boolean) => readonly string[];
}

/**
 * What the plans of some migrations do, as a script for psql: the same statements, in the same transactions, with the
 * same locks. But each is tried only once, and the script stops at the first error.
 */
export function script(
  migrations: readonly PlannedMigration[],
  { limits, logStatements }: ScriptOptions,
): string {
  const [first] = migrations;
  if (!first) return '-- Nothing is pending.\n';
  const { database, schema } = first.place;
  const head = [
    `-- What db:migrate would do now on database ${database}, schema ${schema}. Run it with psql. It stops at the first`,
    '-- error, for instance where a lock cannot be acquired; then db:plan prints what is left to be done.',
    '\\set ON_ERROR_STOP on',
    ...limitsScript(limits),
    perform(searchPathSql(schema, 'session')),
  ];
  const bodies = migrations.flatMap(({ name, plan }, n) => [
    `\n-- ${name}`,
    ...plan.notices.map((notice) => `-- ${notice}`),
    ...groupsOf(plan.steps).flatMap((group) =>
      groupScript(group, schema, limits, group.isLast ? logStatements(name, n === 0) : []),
    ),
  ]);
  return [...head, ...bodies, ''].join('\n');
}

function groupScript(
  group: Group,
  schema: string,
  limits: Limits,
  logStatements: readonly string[],
): string[] {
  const [first] = group.steps;
  if (first?.next) return batches(first, first.next);
  if (first?.transaction === 'none') {
    return [comment(first), 'SET lock_timeout = 0;', `${first.sql};`, ...limitsScript(limits)];
  }
  return [
    ...group.steps.flatMap((step) => (step.precondition ? [assertion(step.purpose, step.precondition)] : [])),
    'BEGIN;',
    ...lockScript(locksOf(group.steps), schema, limits),
    ...group.steps.flatMap((step) => [
      comment(step),
      `${step.sql};`,
      ...(step.ifLaterFails ? [`-- if anything after this fails: ${step.ifLaterFails.sql};`] : []),
    ]),
    ...logStatements.map((sql) => `${sql};`),
    'COMMIT;',
  ];
}

function lockScript(locks: readonly TableLock[], schema: string, limits: Limits): string[] {
  if (locks.length === 0) return [];
  const timeouts = (ms: number) => [
    `SET LOCAL lock_timeout = ${String(ms)};`,
    `SET LOCAL statement_timeout = ${String(ms)};`,
  ];
  const blocking = lockTablesSql(
    locks.filter(({ mode }) => blocksWrites(mode)),
    schema,
  );
  return [
    ...timeouts(NON_BLOCKING_LOCK_MS),
    `${lockTableSql(relationsOf(locks, schema), 'SHARE UPDATE EXCLUSIVE')};`,
    ...(blocking.length > 0
      ? [...timeouts(limits.lockTimeoutMs), ...blocking.map((sql) => `${sql};`)]
      : [`SET LOCAL statement_timeout = ${String(limits.longStatementMs)};`]),
  ];
}

/** A second more than the default of deadlock_timeout, after which the server cancels an autovacuum that blocks. */
const NON_BLOCKING_LOCK_MS = 2000;

/** Runs the batches of a step as the runner does, each in a transaction of its own. */
function batches(step: Step, next: (last: string) => string): string[] {
  const placeholder = quoteLiteral(LAST_KEY);
  const body = `
DECLARE
  batch text := ${dollarQuoted(step.sql, 'sql')};
  last text;
BEGIN
  LOOP
    EXECUTE batch INTO last;
    COMMIT;
    EXIT WHEN last IS NULL;
    batch := replace(${dollarQuoted(next(LAST_KEY), 'sql')}, ${quoteLiteral(placeholder)}, quote_literal(last));
  END LOOP;
END `;
  return [comment(step), `DO ${dollarQuoted(body, 'batches')};`];
}

/** A string between dollar signs, with a tag that is not in it: an expression of a migration may have any. */
function dollarQuoted(text: string, tag: string): string {
  const quote = `$${tag}$`;
  return text.includes(quote) ? dollarQuoted(text, `${tag}_`) : `${quote}${text}${quote}`;
}

/** The limits of the session: no wait is unbounded, and a psql that is stopped does not hold a lock for long. */
function limitsScript({ lockTimeoutMs, longStatementMs }: Limits): string[] {
  return [
    `SET lock_timeout = ${String(lockTimeoutMs)};`,
    `SET statement_timeout = ${String(longStatementMs)};`,
    `SET idle_in_transaction_session_timeout = ${String(LONGEST_PAUSE_MS)};`,
  ];
}

const LONGEST_PAUSE_MS = 5000;

/** Stands for the last key of the batch before. */
const LAST_KEY = '{last}';

function assertion(purpose: string, { violation }: Precondition): string {
  const message = quoteLiteral(
    `cannot ${purpose}, because rows have been written since this script was printed: run db:plan again`,
  );
  return `DO $precondition$ BEGIN PERFORM set_config('row_security', 'off', true); IF EXISTS (${violation}) THEN RAISE EXCEPTION USING MESSAGE = ${message}; END IF; END $precondition$;`;
}

/** `-- add column pets.status (ACCESS EXCLUSIVE on pets)` */
function comment({ purpose, locks = [] }: Step): string {
  const description = locks.map(({ table, mode }) => `${mode} on ${table}`).join(', ');
  return `-- ${purpose}${description && ` (${description})`}`;
}

/** Runs a SELECT without a result that psql would print. */
function perform(select: string): string {
  return `DO ${quoteLiteral(`BEGIN PERFORM ${select.replace(/^SELECT /, '')}; END`)};`;
}
