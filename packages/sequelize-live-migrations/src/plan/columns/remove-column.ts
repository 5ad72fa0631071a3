import type { Table } from '../../catalog';
import { quoteLiterals } from '../../postgres';
import type { AddColumn } from '../../vocabulary';
import { columnIn } from '../declared/as-declared';
import { dropUnusedEnumsSql } from '../declared/enum-types';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { keepAside, keptAsideNotice } from '../kept-aside/keep-aside';
import { planPurgeColumn, refuseDependents } from '../kept-aside/purge';
import {
  dropColumnWithoutRows,
  needsValue,
  reasonsNotToLoseColumn,
  removableColumn,
  undeclaredPartsOf,
} from '../kept-aside/removable-column';
import { endOverlapByRemoval } from '../overlap/end';

/**
 * Keeps a column aside. Where an undo finds no rows in its table, and nothing on the column, the column is dropped after
 * that, so that undoing is an exact inverse, enum type included. A migration that removes a column always keeps it, because
 * its undo needs it, unless it says that it is to be deleted for good.
 */
export async function planRemoveColumn(draft: Draft, change: AddColumn): Promise<void> {
  const { table: name, column } = change;
  if (await endOverlapByRemoval(draft, change)) return;
  if (change.isPurged) {
    refuseDependents(draft, `column ${name}.${column}`, await planPurgeColumn(draft, name, column));
    return;
  }
  const found = await draft.find(name);
  if (!found || draft.refuse(...keyConflict(found, column))) return;
  const removable = removableColumn(draft, name, column);
  const asideName = await keepAside(draft, removable);
  if (asideName === undefined) return;
  const enums = dropUnusedEnumsSql(await draft.catalog(), [change]);
  const table = await draft.table(name);
  const kept = columnIn(table, asideName);
  const reasons = [
    ...(await reasonsNotToLoseColumn(draft, table, kept)),
    ...(await undeclaredPartsOf(draft, table, kept)),
  ];
  const notice = keptAsideNotice(draft, removable, asideName, { reasons, deletedWithIt: enums });
  const isWanted = draft.run.direction === 'up' || reasons.length > 0 || (await draft.rows.existIn(table));
  if (isWanted) draft.notice(notice);
  else draft.add(dropColumnWithoutRows(table, asideName, enums, notice));
}

/** That a column stays in the primary key, without a value in new rows, which no longer name it. */
function keyConflict({ name: table, primaryKey, columns: all }: Table, name: string): Difference[] {
  const column = all.find((one) => one.name === name);
  if (!column || !needsValue(column) || !primaryKey?.columns.includes(name)) return [];
  const args = quoteLiterals([table, name]);
  return [
    {
      what: `column ${table}.${name}`,
      expected: 'that rows can be inserted without it, when it is kept aside',
      found:
        `that it is in the primary key ${primaryKey.name}, and has no default. Give it one before: ` +
        `schema.changeColumn(${args}, { …, defaultValue: … }); or delete it for good, and the key with it: ` +
        `schema.removeColumn(${args}, { … }, { purge: true })`,
    },
  ];
}
