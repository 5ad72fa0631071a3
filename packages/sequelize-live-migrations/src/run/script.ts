import type { Place } from '../place';
import type { Precondition, Step } from '../plan';
import { quoteLiteral, searchPathSql } from '../postgres';
import type { Limits } from '../session';
import { type Group, groupsOf } from './execute/groups';
import { lockingSql } from './execute/locks';
import type { PlannedMigration } from './plan-migrations';

export interface ScriptOptions {
  /** The command of sequelize-cli that would do the same. */
  readonly command: 'db:migrate' | 'db:migrate:undo';
  readonly limits: Limits;
  /** The statements that log a migration, which is the first one of the script or a later one. */
  readonly logStatements: (name: string, isFirst: boolean) => readonly string[];
  /** Commits wait for standbys. */
  readonly isSynchronous?: boolean;
  /** What is known of a migration that is written by hand. */
  readonly descriptionOf?: (name: string) => readonly string[];
}

/**
 * What the plans of some migrations do, as a script for psql: the same statements, in the same transactions, with the
 * same locks. But each is tried only once, and the script stops at the first error.
 */
export function script(migrations: readonly PlannedMigration[], options: ScriptOptions): string {
  const { command, limits, isSynchronous = false, descriptionOf } = options;
  const [first] = migrations;
  if (!first) return '';
  const { database, schema, citus } = first.place;
  const typed = command === 'db:migrate' ? 'plan' : `plan --undo ${first.name}`;
  const head = [
    `-- What ${command} would do now on database ${database}, schema ${schema}: a script for psql, as in`,
    `-- npx sequelize-live-migrations ${typed} | psql "$DATABASE_URL"`,
    '-- It stops at the first error, for instance where a lock cannot be acquired; then the same command prints what is left.',
    '\\set ON_ERROR_STOP on',
    ...limitsScript(limits),
    perform(searchPathSql(schema, 'session')),
    'SET row_security = off; -- where a policy hides rows, an error rather than a part of them',
    ...(isSynchronous
      ? ['SET synchronous_commit = local; -- no lock is kept while a standby is waited for']
      : []),
    ...(citus ? ["SET citus.multi_shard_modify_mode = 'sequential'; -- for what also changes a type"] : []),
  ];
  const bodies = migrations.flatMap((migration, n) => [
    `\n-- ${migration.name}`,
    ...(migration.isDeclared ? [] : (descriptionOf?.(migration.name) ?? []).map((line) => `-- ${line}`)),
    ...schemaScript(migration.place, migrations[n - 1]?.place ?? first.place),
    ...bodyOf(migration, options, n === 0),
  ]);
  return [...head, ...bodies, ...(isSynchronous ? UNTIL_CONFIRMED : []), ''].join('\n');
}

/** Waits, without a lock, until a standby has all of it. */
const UNTIL_CONFIRMED = [
  '\n-- Until a standby has confirmed it, however long that takes',
  'SET synchronous_commit = on; SET statement_timeout = 0;',
  "DO 'BEGIN PERFORM pg_logical_emit_message(true, ''sequelize-live-migrations'', ''''); END';",
];

/** What to do before a migration whose tables are in another schema than those of the one before it. */
function schemaScript(place: Place, before: Place): string[] {
  return place.schema === before.schema ? [] : [perform(searchPathSql(place.schema, 'session'))];
}

function bodyOf(
  { name, plan, place, warnings, isDeclared, refusal }: PlannedMigration,
  { command, limits, logStatements }: ScriptOptions,
  isFirst: boolean,
): string[] {
  if (!isDeclared) return writtenByHand(command, name);
  if (refusal !== undefined)
    return refusal
      .trimEnd()
      .split('\n')
      .map((line) => `-- ${line}`);
  return [
    ...[...warnings, ...plan.notices].map((notice) => `-- ${notice}`),
    ...groupsOf(plan.steps).flatMap((group) =>
      groupScript(group, place, limits, group.isLast ? logStatements(name, isFirst) : []),
    ),
  ];
}

/** Stops the script at a migration of which nothing is known. */
function writtenByHand(command: string, name: string): string[] {
  const message =
    `${name} is written by hand, so what it does is only known when it runs: ` +
    `npx sequelize-cli ${command} --to ${name}, and then print the plan again`;
  return [
    '-- It is written by hand. What follows is planned as if it changed none of the tables below.',
    `DO ${quoteLiteral(`BEGIN RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(message)}; END`)};`,
  ];
}

function groupScript(
  { steps }: Group,
  place: Place,
  limits: Limits,
  logStatements: readonly string[],
): string[] {
  const [first] = steps;
  if (first?.next) return batches(first, first.next);
  if (first?.transaction === 'none') {
    return [comment(first), 'SET lock_timeout = 0;', `${first.sql};`, ...limitsScript(limits)];
  }
  const { nonBlocking, blocking } = lockingSql(steps, { place, limits, timeoutMs: limits.lockTimeoutMs });
  return [
    ...steps.flatMap((step) => (step.precondition ? [assertion(step.purpose, step.precondition)] : [])),
    'BEGIN;',
    ...[...nonBlocking, ...blocking].map((statement) => `${statement};`),
    ...steps.flatMap((step) => [
      comment(step),
      `${step.sql};`,
      ...(step.ifLaterFails ? [`-- if anything after this fails: ${step.ifLaterFails.sql};`] : []),
    ]),
    ...logStatements.map((statement) => `${statement};`),
    'COMMIT;',
  ];
}

/** Runs the batches of a step as the runner does, each in a transaction of its own. */
function batches(step: Step, next: (last: string) => string): string[] {
  const lastKey = placeholderIn(step.sql);
  const body = `
DECLARE
  batch text := ${dollarQuoted(step.sql, 'sql')};
  last text;
  written bigint;
  failure text;
  stay bigint;
  all_that_stay bigint := 0;
BEGIN
  LOOP
    EXECUTE batch INTO last, written, failure, stay;
    IF failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = failure; END IF;
    COMMIT;
    all_that_stay := all_that_stay + coalesce(stay, 0);
    EXIT WHEN last IS NULL;
    batch := replace(${dollarQuoted(next(lastKey), 'sql')}, ${quoteLiteral(quoteLiteral(lastKey))}, quote_literal(last));
  END LOOP;
  IF all_that_stay > 0 THEN RAISE NOTICE '% %', all_that_stay, ${quoteLiteral(step.left ?? 'rows are left')}; END IF;
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

/** What stands for the last key of the batch before. Nothing in the statement looks like it. */
function placeholderIn(sql: string, placeholder = '{last}'): string {
  return sql.includes(placeholder) ? placeholderIn(sql, `{${placeholder}}`) : placeholder;
}

function assertion(purpose: string, { violation }: Precondition): string {
  const message = quoteLiteral(
    `cannot ${purpose}, because rows have been written, or rights or the like given, since this script was printed: plan again`,
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
