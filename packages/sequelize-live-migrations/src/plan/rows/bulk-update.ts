import { type Catalog, columnNamed, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type BulkUpdate, isRename } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { RefusedError } from '../draft/refused-error';
import { rowBatches } from './row-batches';
import { conditionSql, type DeclaredValue, differsSql, readsTables, valuesOf } from './row-values';
import { declareRows, tableOfRows } from './rows-declared';

/**
 * Updates rows, in batches. It can be run again after it was cut short, since a row that is done is not updated again: it
 * has the values, or does not match the condition any more. Refused where a row would be.
 */
export async function planBulkUpdate(draft: Draft, change: BulkUpdate): Promise<void> {
  const what = `rows of ${change.table} are not updated`;
  const entries = Object.entries(change.values);
  const kept = entries.filter(([column]) => !draft.isRemovedLater(change.table, { column }));
  if (kept.length === 0) {
    draft.notice(`${what}: a later migration, which has run, removes what they would get`);
    return;
  }
  const table = await tableOfRows(draft, what, change.table);
  if (!table) return;
  const update = updateOf(draft, table, { ...change, values: Object.fromEntries(kept) });
  const declared = await declareRows(draft, what, statementsOf(table, update));
  if (declared === 'done') return;
  if (declared) assertSettled(draft, table, update, declared);
  const isAsked = !draft.rows.areChanged(table) && !readsTables(update.isLeft);
  if (isAsked && !(await draft.rows.find(table, update.isLeft))) return;
  if (isAsked && (await isLeftAfterwards(draft, table, update))) return;
  draft.add({
    purpose: `update rows of ${table.name}`,
    ...rowBatches({
      table,
      condition: update.isLeft,
      statement: `UPDATE ${quoteIdentifier(table.name)} SET ${update.set} FROM`,
      isLeft: [update.isLeft, ...leftBefore(draft, table)].join(' OR '),
      failure: `${AGAIN} ${SELECTS_LESS}`,
    }),
  });
  draft.rows.noteChanged(table, 'updated');
}

const AGAIN =
  'Rows that were updated would be updated again: after a kill, the same command could not tell which are done.';
const SELECTS_LESS =
  'Write a condition that no row matches any more once it is updated, or each bulkUpdate into a migration of its own.';

interface Update {
  readonly values: readonly DeclaredValue[];
  readonly set: string;
  readonly condition: string;
  /** True of a row that is to be updated. */
  readonly isLeft: string;
}

function updateOf(draft: Draft, table: Table, { values: row, where }: BulkUpdate): Update {
  const values = valuesOf(draft.sequelize, table, row);
  const condition = conditionSql(draft.sequelize, table, where);
  const set = values.map(({ column, sql }) => `${quoteIdentifier(column.name)} = ${sql}`).join(', ');
  return { values, set, condition, isLeft: `(${condition} AND ${differsSql(values)})` };
}

const [VALUES, CONDITION] = ['values of the update', 'condition of the update'].map(quoteIdentifier);

/** Has PostgreSQL check the update, and show which columns it reads. */
function statementsOf(table: Table, { set, values, condition }: Update): string[] {
  const name = quoteIdentifier(table.name);
  const read = values.map(({ sql }, n) => `${sql} AS ${quoteIdentifier(`value ${String(n)}`)}`);
  return [
    `EXPLAIN UPDATE ${name} SET ${set} WHERE ${condition}`,
    `CREATE TEMPORARY VIEW ${String(VALUES)} AS SELECT ${read.join(', ')} FROM ${name}`,
    `CREATE TEMPORARY VIEW ${String(CONDITION)} AS SELECT FROM ${name} WHERE ${condition}`,
  ];
}

/**
 * Also on a table without rows: what passes in CI has to pass in production.
 *
 * @throws RefusedError where values are computed from columns that they change, and the condition reads nothing that is changed:
 *   it stays true
 */
function assertSettled(draft: Draft, { name }: Table, { values }: Update, { tables }: Catalog): void {
  const shadow = tables.get(name);
  const isRead = (column: string, by: string | undefined) =>
    shadow !== undefined && columnNamed(shadow, column)?.views.includes(String(by)) === true;
  const changed = values.map(({ column }) => column.name);
  const columns = changed.filter((column) => isRead(column, VALUES));
  if (columns.length === 0 || changed.some((column) => isRead(column, CONDITION))) return;
  throw new RefusedError(
    `${draft.run.name} updates rows of ${name}, whose ${columns.join(', ')} it computes from what they are. ${AGAIN} ` +
      'Nothing of this migration was done. Write a condition that no row matches any more once it is updated.',
  );
}

/** Refuses an update after which a row would be updated again. Found out before the first step, as far as rows show it. */
async function isLeftAfterwards(draft: Draft, table: Table, { values, isLeft }: Update): Promise<boolean> {
  const name = quoteIdentifier(table.name);
  const after = table.columns.map(({ name: column, type }) => {
    const value = values.find((one) => one.column.name === column);
    return `${value ? `(${value.sql})::${type}` : `${name}.${quoteIdentifier(column)}`} AS ${quoteIdentifier(column)}`;
  });
  const violation = `${isLeft} AND (SELECT ${isLeft} FROM (SELECT ${after.join(', ')}) AS ${name})`;
  if (!(await draft.rows.find(table, violation))) return false;
  draft.refuse({
    what: `bulkUpdate of ${table.name}`,
    expected: 'that no row is left to be updated after it',
    found: `rows that are: SELECT * FROM ${draft.rows.sourceSql(table)} AS ${name} WHERE ${violation}; ${SELECTS_LESS}`,
  });
  return true;
}

/** What is true of the rows that earlier changes of the migration would write again, after an interrupted run. */
function leftBefore(draft: Draft, table: Table): string[] {
  const { before } = draft.neighbours;
  return before.flatMap((change, n) => {
    const isRenamed = before.slice(n).some((other) => isRename(other) || 'undoes' in other);
    if (!('table' in change) || change.table !== table.name || isRenamed) return [];
    if (change.kind === 'bulkDelete') return [conditionSql(draft.sequelize, table, change.where)];
    return change.kind === 'bulkUpdate' ? [updateOf(draft, table, change).isLeft] : [];
  });
}
