import { type Catalog, type Seen, type Shadows } from '../catalog';
import { LOG_TABLE, type Place } from '../place';
import { Draft, type MigrationRun, type Plan, planChanges, RefusedError } from '../plan';
import { quoteQualified, serverMessageOf, SQLSTATE, sqlStateOf } from '../postgres';
import { isLockTimeout, type Run } from '../session';
import { type Change, eachLeftBy } from '../vocabulary';
import { bySchema, type MigrationInSchema } from './by-schema';
import type { MigrationToPlan } from './migration-to-plan';
import { missingExtension } from './missing-extension';
import { nothingLeftOf } from './nothing-left';
import { readReplication } from './replication';
import { subjectOf } from './subject';
import { withShadows } from './with-shadows';

/** What a migration will do, and on which tables that was planned. */
export interface PlannedMigration {
  readonly name: string;
  readonly plan: Plan;
  /** To be said before anything is done. */
  readonly warnings: readonly string[];
  /** False where it is written by hand: then nothing is planned. */
  readonly isDeclared: boolean;
  /** Why nothing is planned of it before a migration that is written by hand has run. */
  readonly refusal?: string;
  readonly place: Place;
  readonly seen: Seen;
}

/**
 * Plans migrations one after the other without running any: each on what those before it will leave.
 *
 * @param compare is given the tables of each schema, before all of them and after
 * @throws RefusedError where one of them conflicts with the database
 */
export async function planMigrations(
  run: Run,
  migrations: readonly MigrationToPlan[],
  compare?: Compare,
): Promise<PlannedMigration[]> {
  const planned = new Map<string, PlannedMigration>();
  const created = schemasCreatedBy(migrations);
  for (const ofSchema of bySchema(migrations)) {
    for (const one of await planInSchema(run, ofSchema, created, compare)) planned.set(one.name, one);
  }
  return migrations.flatMap(({ name }) => planned.get(name) ?? []);
}

/** The same, or the error where one of them is refused. */
export async function planOrRefusal(
  run: Run,
  migrations: readonly MigrationToPlan[],
  compare?: Compare,
): Promise<PlannedMigration[] | RefusedError> {
  try {
    return await planMigrations(run, migrations, compare);
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
}

type Compare = (before: Catalog, after: Catalog) => void;

/** The statements of migrations that create the schemas in which tables of others will be. */
function schemasCreatedBy(migrations: readonly MigrationToPlan[]): string[] {
  const changes = migrations.flatMap(({ changes: declared = [] }) => declared);
  return changes.flatMap((change) =>
    change.kind === 'sql' && CREATES_SCHEMA.test(change.up) ? [change.up.replace(/;\s*$/, '')] : [],
  );
}

const CREATES_SCHEMA = /^\s*CREATE\s+SCHEMA\s+IF\s+NOT\s+EXISTS\s[^;]+;?\s*$/i;

/**
 * Plans migrations whose tables are all in one schema, which others do not touch.
 *
 * @param created the statements that create the schemas that are not there yet
 */
function planInSchema(
  run: Run,
  migrations: readonly MigrationInSchema[],
  created: readonly string[],
  compare: Compare | undefined,
): Promise<PlannedMigration[]> {
  const all = migrations.map((migration) => {
    const { changes, later, direction } = migration;
    const current = changes && eachLeftBy(changes, later, direction);
    return {
      ...migration,
      changes: current?.flatMap(({ left }) => left ?? []),
      done: current?.flatMap(({ change, left }) => (left ? [] : [change])) ?? [],
    };
  });
  const subject = subjectOf(
    all.flatMap(({ changes = [] }) => changes),
    migrations.map(({ name }) => name),
    migrations.some(({ earlier }) => earlier === undefined)
      ? 'unknown'
      : migrations.flatMap(({ earlier = [] }) => earlier),
  );
  const work = (shadows: Shadows) => compared(shadows, compare, () => planOn(run, shadows, all));
  return withShadows(run, subject, work, subject.schema === undefined ? [] : created);
}

/** A migration with the names that are there now. */
interface CurrentMigration extends MigrationInSchema {
  /** The changes of which later migrations, which have run, have left nothing to do. */
  readonly done: readonly Change[];
}

/** Plans migrations one after the other on shadows, each on what those before it will leave. */
async function planOn(
  run: Run,
  shadows: Shadows,
  all: readonly CurrentMigration[],
): Promise<PlannedMigration[]> {
  const { place, seen } = shadows;
  if (all.every(({ direction }) => direction === 'down')) assertTablesHere(shadows);
  const warningsOf = await readReplication(run, shadows);
  const planned: PlannedMigration[] = [];
  const plannedChanges: Change[] = [];
  reportLeftOut(run, shadows);
  for (const migration of all) {
    const { changes, done } = migration;
    const earlier = [...(migration.earlier ?? []), ...plannedChanges];
    const draft = new Draft(run.sequelize, shadows, { ...migration, earlier, changes: changes ?? [] });
    done.forEach((change) => draft.notice(nothingLeftOf(change)));
    const before = warningsOf && (await shadows.catalog());
    const refusal = changes && (await planNamed(draft, changes, migration.isAfterUnknown));
    const warnings = before ? warningsOf(before, await shadows.catalog()) : [];
    planned.push({
      name: migration.name,
      plan: draft,
      warnings,
      isDeclared: changes !== undefined,
      ...(refusal === undefined ? {} : { refusal }),
      place,
      seen,
    });
    plannedChanges.push(...(changes ?? []));
  }
  return planned;
}

function reportLeftOut({ reporter }: Run, { leftOut }: Shadows): void {
  for (const why of new Set(leftOut)) reporter.line(`planned without something of a table: ${why}`);
}

/** Does some work on shadows, and compares what these were before it with what they are then. */
async function compared<T>(
  shadows: Shadows,
  compare: Compare | undefined,
  work: (shadows: Shadows) => Promise<T>,
) {
  if (!compare) return work(shadows);
  const before = await shadows.catalog();
  const done = await work(shadows);
  compare(before, await shadows.catalog());
  return done;
}

/**
 * Refuses to undo a migration whose tables are all in another schema than its log: nothing would be undone, and the
 * migration unlogged.
 */
function assertTablesHere({ place, live }: Shadows): void {
  const { database, schema, elsewhere } = place;
  if (elsewhere.length === 0 || live.tables.size > 0) return;
  throw new RefusedError(
    `The migration log is in schema ${schema} of database ${database}, where the tables of this migration are not: ` +
      `there is ${elsewhere.join(', ')}. Nothing of it was undone. Where these are the tables, move the log to them, ` +
      `ALTER TABLE ${quoteQualified(schema, LOG_TABLE)} SET SCHEMA …, and put that schema first in the ` +
      'search_path.',
  );
}

/** @returns why the changes are refused, where that may be due to what a migration before them does, which is not known */
async function planWith(
  draft: Draft,
  changes: readonly Change[],
  isAfterUnknown: boolean,
): Promise<string | undefined> {
  try {
    await planChanges(draft, changes);
    return undefined;
  } catch (error) {
    if (isAfterUnknown && error instanceof RefusedError) return error.message;
    if (isAfterUnknown && sqlStateOf(error) !== undefined) return serverMessageOf(error);
    draft.assertNoConflicts(); // of which the error may be a consequence
    throw explain(draft.run, error);
  }
}

/** The same, with the name of the migration in a refusal, which says only "this migration". */
async function planNamed(...args: Parameters<typeof planWith>): Promise<string | undefined> {
  try {
    return await planWith(...args);
  } catch (error) {
    if (error instanceof RefusedError) error.migration = args[0].run.name;
    throw error;
  }
}

/** An error of the server, with its own words first: Sequelize would put others in their place. */
function explain({ name }: MigrationRun, error: unknown): unknown {
  const state = sqlStateOf(error);
  if (error instanceof RefusedError || state === undefined || isLockTimeout(error)) return error;
  const isOfServer = OF_SERVER.test(state) || state === SQLSTATE.insufficientPrivilege;
  const advice = isOfServer
    ? `Nothing of ${name} was done. Run the same command again when the cause is gone.`
    : `PostgreSQL does not accept what ${name} declares. Nothing of this migration was done. Correct it, and run the ` +
      'same command again.';
  return new Error(`${serverMessageOf(error)}. ${advice}${missingExtension(error)}`, { cause: error });
}

/** The classes of errors that have nothing to do with what is declared: connections, resources, operators, … */
const OF_SERVER = /^(08|25|53|54|55|57|58|XX)/;
