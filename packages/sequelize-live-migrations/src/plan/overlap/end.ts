import { columnNamed } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import type { AddColumn, OverlapColumn } from '../../vocabulary';
import { columnIn } from '../declared/as-declared';
import type { Difference } from '../draft/compare';
import { alterColumnSql, alterStep, alterTable } from '../draft/alter';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { keepAside, keptAsideNotice } from '../kept-aside/keep-aside';
import { removableColumn } from '../kept-aside/removable-column';
import { type Overlap, OVERLAPPED, overlapOf, overlapsOf, otherOf } from '../recognised/overlap';
import { carryOver } from './carry';
import { moveDefault } from './default';
import { dropBelongings } from './drop-belongings';
import { grantAlike } from './target';
import { keepEqualNoMore, replaceable, updateTriggers } from './triggers';
import { isUnused, type Refusal } from './users';

/**
 * Ends the overlap of a column that is removed: the triggers go, and the column is kept aside. The other one has its values,
 * its default, and its indexes and constraints, with their names; so they go from this one, where they would stand against
 * rows that do not write it any more.
 *
 * @returns whether the column was in an overlap
 */
export async function endOverlapByRemoval(draft: Draft, change: AddColumn): Promise<boolean> {
  const { table: name, column } = change;
  const table = await draft.find(name);
  const overlap = table && overlapOf(table, column);
  if (!overlap) return false;
  if (overlap.conversion) {
    await planEndOverlap(draft, { table: name, from: column, to: overlap.target });
    return false;
  }
  if (!(await end(draft, overlap, column))) return true;
  if (change.isPurged) {
    draft.add(dropColumn(name, column));
    return true;
  }
  await leaveOut(draft, name, column);
  const comment = `COMMENT ON COLUMN ${quoteIdentifier(name)}.${quoteIdentifier(column)} IS `;
  const text = quoteLiteral(`${OVERLAPPED}${otherOf(overlap, column)}`);
  const purpose = `note what ${name}.${column} has overlapped with`;
  draft.add(alterStep(name, purpose, `${comment}${text}`, 'SHARE UPDATE EXCLUSIVE'));
  await keepColumnAside(draft, name, column);
  return true;
}

/**
 * Keeps aside a column that has no indexes and constraints any more, and no type of its own.
 *
 * @param which for the notice: ` of type integer`
 */
export async function keepColumnAside(draft: Draft, name: string, column: string, which = ''): Promise<void> {
  const removable = removableColumn(draft, name, column);
  const asideName = await keepAside(draft, removable);
  if (asideName === undefined) return;
  draft.notice(keptAsideNotice(draft, { ...removable, what: removable.what + which }, asideName));
}

/** Lets rows be inserted that do not have a column. */
export async function leaveOut(draft: Draft, name: string, column: string): Promise<void> {
  const found = columnIn(await draft.table(name), column);
  const sql = [
    ...(found.notNull ? [alterColumnSql(name, column, 'DROP NOT NULL')] : []),
    ...(found.default !== null ? [alterColumnSql(name, column, 'DROP DEFAULT')] : []),
  ];
  if (sql.length > 0) draft.add(alterStep(name, `let ${name}.${column} be left out`, sql.join(';\n')));
}

/** Undoes an overlap: the second column is dropped. Nothing is lost, because the first one has all that was written to it. */
export async function planEndOverlap(
  draft: Draft,
  { table: name, from, to }: Omit<OverlapColumn, 'kind'>,
): Promise<void> {
  const table = await draft.find(name);
  if (!table) return;
  const [first, second] = [columnNamed(table, from), columnNamed(table, to)];
  const overlap = second && overlapOf(table, to);
  if (!overlap) {
    if (second && !first) draft.refuse(removedSince(name, from, to));
    return;
  }
  const { grants: granted } = await draft.live.usesOf(table, second);
  const there = first ? (await draft.live.usesOf(table, first)).grants : [];
  if (!(await end(draft, overlap, to))) return;
  const missing = granted.filter((grant) => !there.includes(grant)); // by somebody, since the migration
  draft.add(...grantAlike(name, to, from, missing), dropColumn(name, to));
}

function removedSince(table: string, from: string, to: string): Difference {
  return {
    what: `column ${table}.${from}`,
    expected: `that it is there, and ${to} has its values`,
    found: 'no such column: a later migration has removed it. Undo that one before this one',
  };
}

/** Ends an overlap, if nothing goes on with the column that is to go; otherwise that is refused. */
async function end(draft: Draft, overlap: Overlap, gone: string): Promise<boolean> {
  const kept = otherOf(overlap, gone);
  if (kept === overlap.target) await carryOver(draft, overlap, false);
  const instead = `replaces it by one with ${kept}`;
  return takeOut(draft, overlap, gone, { expected: 'that nothing goes on with it', instead });
}

/** Takes a column out of an overlap, if nothing goes on with it; otherwise that is refused. */
export async function takeOut(
  draft: Draft,
  overlap: Overlap,
  gone: string,
  refusal: Refusal,
): Promise<boolean> {
  const kept = otherOf(overlap, gone);
  const table = await draft.table(overlap.table);
  const uses = await draft.live.usesOf(table, columnIn(table, gone));
  if (!isUnused(draft, overlap, gone, uses, refusal)) return false;
  await separate(draft, overlap, gone);
  const moved = (columns: readonly string[]) => [
    ...new Set(columns.map((each) => (each === gone ? kept : each))),
  ];
  draft.add(...updateTriggers(table.name, replaceable(uses), moved));
  return true;
}

/** Adds the steps after which one of two columns has all that both have had, but for the values of the other one. */
async function separate(draft: Draft, overlap: Overlap, gone: string): Promise<void> {
  const { table: name, target } = overlap;
  const column = columnIn(await draft.table(name), gone);
  draft.add(keepEqualNoMore(overlap));
  if (gone !== target) draft.add(...moveDefault(overlap, column)); // that of the target is the mark
  await dropBelongings(draft, overlap, gone);
}

/**
 * Takes away, for a comparison with models, the name of each column that no model declares while the other one is declared.
 *
 * @param columnsOf the columns that are declared of a table
 */
export async function withoutOtherNames(
  draft: Draft,
  columnsOf: (table: string) => readonly string[],
): Promise<void> {
  const tables = [...(await draft.catalog()).tables.values()];
  for (const overlap of tables.flatMap(overlapsOf)) {
    const { table, source, target } = overlap;
    const declared = columnsOf(table);
    const undeclared = [source, target].filter((column) => !declared.includes(column));
    const [gone] = undeclared;
    if (gone === undefined || undeclared.length > 1) continue;
    await separate(draft, overlap, gone);
    draft.add(dropColumn(table, gone));
  }
}

function dropColumn(table: string, column: string): Step {
  return alterTable(table, `drop column ${table}.${column}`, `DROP COLUMN ${quoteIdentifier(column)}`);
}
