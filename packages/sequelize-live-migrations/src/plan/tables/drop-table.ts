import type { Table } from '../../catalog';
import { columnsOfTable, type CreateTable } from '../../vocabulary';
import { onShadow } from '../declared/as-declared';
import { tablesDeclaration } from '../declared/declarations';
import { dropUnusedEnumsSql } from '../declared/enum-types';
import { describe, tableDifferences } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { keepAside, keptAsideNotice } from '../kept-aside/keep-aside';
import { planPurgeTable, refuseDependents } from '../kept-aside/purge';
import {
  dropTable,
  reasonsNotToLose,
  reasonToKeepTable,
  removableTable,
} from '../kept-aside/removable-table';
import { isKeptAside } from '../recognised/kept-aside-comment';
import { dropFunctionsSql } from '../recognised/overlap';
import { undeclaredOf } from '../recognised/undeclared';

/**
 * Keeps a table aside. Where an undo finds no rows in it, and nothing on it, the table is dropped after that, so
 * that undoing is an exact inverse, enum types included. A migration that drops a table always keeps it, because its undo
 * needs it, unless it says that it is to be deleted for good. A table that was declared with `existing: 'keep'` is left as
 * it is where anything would be lost.
 */
export async function planDropTable(draft: Draft, change: CreateTable): Promise<void> {
  if (change.isPurged) {
    refuseDependents(draft, `table ${change.table}`, await planPurgeTable(draft, change.table));
    return;
  }
  const found = await draft.find(change.table);
  if (found && change.existing === 'keep') {
    const reasons = await reasonsToLeave(draft, change, found);
    if (reasons.length > 0) {
      draft.notice(`table ${found.name} is left as it is: ${reasons.join('; ')}`);
      return;
    }
    await dropEmptiedDependents(draft, found);
  }
  const removable = removableTable(draft, change.table);
  const asideName = await keepAside(draft, removable);
  if (asideName === undefined) return;
  const enums = dropUnusedEnumsSql(await draft.catalog(), columnsOfTable(change));
  const kept = await draft.table(asideName);
  const reasons = [...(await reasonsNotToLose(draft, kept)), ...undeclaredOf(draft, change.table, kept)];
  const deletedWithIt = [...dropFunctionsSql(kept), ...enums];
  const notice = keptAsideNotice(draft, removable, asideName, { reasons, deletedWithIt });
  const isWanted = draft.run.direction === 'up' || reasons.length > 0 || (await draft.rows.stayIn(kept));
  if (isWanted) draft.notice(notice);
  else draft.add(dropTable(kept, notice, enums));
}

/** Drops what an earlier undo has kept aside, if it is empty, since it references the table. */
async function dropEmptiedDependents(draft: Draft, found: Table): Promise<void> {
  for (const { relation } of draft.live.dependentsOf(found)) {
    const dependent = await draft.find(relation);
    if (dependent) draft.add(dropTable(dependent, `table ${relation} is left: it has rows by now`));
  }
}

/** Why a table that may belong to the application is left as it is: anything that would be lost or broken. */
async function reasonsToLeave(draft: Draft, change: CreateTable, found: Table): Promise<string[]> {
  const declared = await draft.declare(tablesDeclaration(draft.sequelize, await draft.catalog(), [change]));
  const created = onShadow(`Table ${found.name}`, declared.tables.get(found.name));
  const columnNames = ({ columns }: Table) => columns.map(({ name }) => name).sort();
  const expected = columnNames(created);
  const extra = columnNames(found).filter((name) => !expected.includes(name));
  const dependents: string[] = [];
  for (const { kind, relation } of draft.live.dependentsOf(found)) {
    if (!(await isEmptyAndKeptAside(draft, relation))) dependents.push(`${kind} ${relation} depends on it`);
  }
  return [
    ...((await draft.rows.existIn(found)) ? ['it holds rows'] : []),
    ...(extra.length > 0 ? [`it has other columns than the migration declares (${extra.join(', ')})`] : []),
    ...tableDifferences(created, found).map(describe),
    ...dependents,
    ...(await draft.attachedTo(found)),
    ...undeclaredOf(draft, found.name, found),
  ];
}

/** Whether a dependent is a table that an undo has kept aside and that has no rows any more. */
async function isEmptyAndKeptAside(draft: Draft, relation: string): Promise<boolean> {
  const table = await draft.find(relation);
  if (!table || !isKeptAside(table.comment)) return false;
  return (await reasonToKeepTable(draft, table)) === undefined;
}
