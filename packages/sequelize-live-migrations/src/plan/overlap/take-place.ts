import { type Column, columnNamed, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterStep } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { violationsWhere } from '../draft/violations';
import { nameToRestore } from '../kept-aside/keep-aside';
import { removableColumn } from '../kept-aside/removable-column';
import { restoredCommentSql } from '../recognised/kept-aside-comment';
import {
  conversionOf,
  type Converting,
  convertingBetween,
  copyName,
  targetValueSql,
} from '../recognised/overlap';
import { renameColumn } from '../rename/rename-column';
import { addTriggers } from './begin';
import { carryOver } from './carry';
import { keepColumnAside, leaveOut, takeOut } from './end';

/**
 * Lets the column of another type take the place of the one beside which it was prepared, in one transaction that changes
 * only the catalog. The one before is kept aside.
 *
 * @returns false where that is refused
 */
export async function takePlace(draft: Draft, overlap: Converting): Promise<boolean> {
  const { table: name, source, target, conversion } = overlap;
  if (!(await makeReady(draft, overlap))) return false;
  await keepColumnAside(draft, name, source, ` of type ${conversion.from}`);
  draft.add(renameColumn(name, target, source));
  return true;
}

/**
 * Undoes that: the column that was kept aside gets what was written since, all indexes and constraints, and takes its place
 * again. The other one is prepared beside it, as it was before. Where an interrupted run has left off, it goes on.
 *
 * @returns whether there is such a column
 */
export async function restoreConverted(draft: Draft, name: string, column: string): Promise<boolean> {
  const table = await draft.table(name);
  const asideName = await nameToRestore(draft, removableColumn(draft, name, column));
  const [found, kept] = [columnNamed(table, column), columnNamed(table, asideName ?? '')];
  if (found && kept) {
    await takePlaceAgain(draft, table, found, kept);
    return true;
  }
  const prepared = conversionOf(table, column);
  if (prepared) await carryOver(draft, prepared, false);
  return prepared !== undefined;
}

async function takePlaceAgain(draft: Draft, table: Table, found: Column, kept: Column): Promise<void> {
  const { name } = table;
  const there = conversionOf(table, found.name);
  const back = convertingBetween(name, found.name, kept.name, { from: found.type, to: kept.type });
  const overlap = there ?? back;
  const violations = await valuesThatDoNotFit(draft, table, overlap);
  if (draft.refuse(...violations)) return;
  if (!there) await addTriggers(draft, overlap);
  if (!(await makeReady(draft, overlap, !there))) return;
  const other = copyName(found.name);
  const comment = restoredCommentSql(
    `COLUMN ${quoteIdentifier(name)}.${quoteIdentifier(found.name)}`,
    kept.comment,
  );
  draft.add(
    renameColumn(name, found.name, other),
    renameColumn(name, kept.name, found.name),
    alterStep(name, `restore column ${name}.${found.name} of type ${kept.type}`, comment),
  );
  const forward = convertingBetween(name, found.name, other, { from: kept.type, to: found.type });
  await addTriggers(draft, forward);
  await carryOver(draft, forward, false);
}

/** Gives a column all that the one has in whose place it comes, and takes that away from the other one. */
async function makeReady(draft: Draft, overlap: Converting, isNew = false): Promise<boolean> {
  const { table, source } = overlap;
  await carryOver(draft, overlap, isNew);
  const expected = 'that nothing but indexes and constraints goes on with it';
  const instead = 'drops it, and one after this, which creates it again';
  if (!(await takeOut(draft, overlap, source, { expected, instead }))) return false;
  await leaveOut(draft, table, source);
  return true;
}

/** The rows whose values the type from before does not hold. */
function valuesThatDoNotFit(draft: Draft, table: Table, overlap: Converting) {
  const { source, conversion } = overlap;
  const value = `${quoteIdentifier(table.name)}.${quoteIdentifier(source)}`;
  const condition = `${value} IS NOT NULL AND (${targetValueSql(overlap, value)}) IS NULL`;
  return violationsWhere(draft, table, condition, (query) => ({
    what: `column ${table.name}.${source}`,
    expected: `values that type ${conversion.to} holds`,
    found: `others: ${query}; Change or delete these rows, or leave the migration as it is`,
  }));
}
