import { RefusedError, type Step } from '../plan';
import type { Run } from '../session';
import { isRowChange, withoutOwnRemovals } from '../vocabulary';
import { changedNames } from './changed-names';
import type { MigrationToPlan } from './migration-to-plan';
import { planOrRefusal } from './plan-migrations';

/**
 * What migrations that have run would do again, a line for each step, or why they would be refused: nothing, unless
 * somebody has changed since what they have made. What only runs SQL or writes rows does not count: rows are the application's.
 */
export async function stepsLeft(run: Run, executed: readonly MigrationToPlan[]): Promise<string[]> {
  const declared = executed.flatMap(({ changes, ...migration }) =>
    changes
      ? [{ ...migration, changes: withoutOwnRemovals(changes).filter((change) => !isRowChange(change)) }]
      : [],
  );
  if (declared.length === 0) return [];
  const all = await linesLeft(run, declared);
  if (typeof all !== 'string') return all;
  const lines: string[] = [];
  for (const migration of declared) {
    const alone = await linesLeft(run, [migration]);
    if (typeof alone === 'string')
      lines.push(`${migration.name} has run, and would now be refused. ${alone}`);
    else lines.push(...alone);
  }
  return lines;
}

/**
 * A line for each step that migrations would do again, or why they would be refused. None where the steps of one undo those
 * of another, so that they leave all tables as they are: as where an index was replaced by another one of its name.
 */
async function linesLeft(run: Run, migrations: readonly MigrationToPlan[]): Promise<string[] | string> {
  const changed: string[] = [];
  const planned = await planOrRefusal(run, migrations, (before, after) => {
    changed.push(...changedNames(before, after));
  });
  if (planned instanceof RefusedError) return planned.message;
  const isLeft = (step: Step) =>
    isOfCatalog(step) &&
    changed.some((name) => isNamedIn(step.purpose, name)) &&
    !isCommentedBySql(step, migrations);
  return planned.flatMap(({ name, plan }) =>
    plan.steps.filter(isLeft).map(({ purpose }) => `${name} has run, and would now ${purpose}`),
  );
}

/** Whether a name is in what a step is for, and not as a part of another name. */
function isNamedIn(purpose: string, name: string): boolean {
  const escaped = name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(purpose);
}

function isOfCatalog({ isUnknown, next }: Step): boolean {
  return isUnknown !== true && next === undefined;
}

/** Whether a step gives a table a comment that SQL of a migration has changed since: no word does that. */
function isCommentedBySql({ sql }: Step, migrations: readonly MigrationToPlan[]): boolean {
  const [, table] = /^COMMENT ON TABLE ("(?:[^"]|"")+") IS /.exec(sql) ?? [];
  if (table === undefined) return false;
  const changes = migrations.flatMap(({ changes: declared = [] }) => declared);
  return changes.some(
    (change) =>
      change.kind === 'sql' &&
      /^\s*COMMENT\s+ON\s+TABLE\s/i.test(change.up) &&
      (change.up.includes(` ${table} `) || change.up.includes(`.${table} `)),
  );
}
