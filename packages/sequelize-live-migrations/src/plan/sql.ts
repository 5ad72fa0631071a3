import { endedSql, withTemporaryLastSql } from '../postgres';
import { onlyDefines, type RunSql } from '../vocabulary';
import type { Draft } from './draft/draft';
import { RefusedError } from './draft/refused-error';
import type { Step } from './draft/step';

/**
 * Adds a step that runs SQL, unless a query says that it has been done. To plan what builds on it, functions, types and
 * extensions are also created in the transaction in which is planned, and which is rolled back. Other SQL is not run to plan.
 */
export async function planSql(draft: Draft, { up, unless }: RunSql): Promise<void> {
  if (unless !== undefined && (await draft.isFound(endedSql(unless)))) return;
  const step = sqlStep(up);
  draft.add({ ...step, onShadows: onlyDefines(up) ? [withTemporaryLastSql(step.sql)] : [] });
}

/**
 * The same for what undoes it.
 *
 * @throws RefusedError where nothing does: before anything of the migration is undone
 */
export async function planRevertSql(draft: Draft, { up, down, unless }: RunSql): Promise<void> {
  if (down === undefined) {
    throw new RefusedError(
      `${draft.run.name} cannot be undone, because nothing says what undoes its SQL. Nothing of it was undone. Write that ` +
        `into the migration:\n  schema.sql({ up: '${firstLineOf(up)} …', down: '…' });`,
    );
  }
  if (unless === undefined || (await draft.isFound(endedSql(unless)))) draft.add(sqlStep(down));
}

function sqlStep(sql: string): Step {
  return {
    purpose: `run SQL: ${firstLineOf(sql)}`,
    sql: endedSql(sql.trim().replace(/;$/, '')),
    onShadows: [],
    isUnknown: true,
  };
}

function firstLineOf(sql: string): string {
  const [line = ''] = sql.trim().split('\n');
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

const LONGEST_LINE = 60;
