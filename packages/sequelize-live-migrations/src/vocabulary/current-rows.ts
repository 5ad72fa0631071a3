import { Utils } from 'sequelize';
import type { BulkDelete, BulkInsert, BulkUpdate, Rename } from './changes';
import { inExpression, renamedCondition } from './current-conditions';
import { labelNow } from './enums';
import type { Row } from './rows';

/** A change of rows in which a column, or a label of its enum type, has another name. A query that selects rows stays as it is. */
export function renamedRows(
  change: BulkUpdate | BulkDelete | BulkInsert,
  rename: Rename,
): BulkUpdate | BulkDelete | BulkInsert {
  if (change.table !== rename.table) return change;
  if (change.kind === 'bulkInsert') {
    const { rows } = change;
    return {
      ...change,
      rows: rows instanceof Utils.Literal ? rows : rows.map((row) => renamedRow(row, rename)),
    };
  }
  const where = renamedCondition(change.where, rename);
  if (change.kind === 'bulkDelete') return { ...change, where };
  return { ...change, values: renamedRow(change.values, rename), where };
}

function renamedRow(row: Row, rename: Rename): Row {
  if (rename.kind === 'renameTable' || rename.kind === 'renameIndex') return row;
  const { from, to } = rename;
  const renamed = Object.entries(row).map(([column, value]) => {
    if (rename.kind === 'renameColumn')
      return [column === from ? to : column, inExpression(value, rename)] as const;
    const current = inExpression(value, rename, column);
    return [column, column === rename.column ? labelNow(current, from, to) : current] as const;
  });
  return Object.fromEntries(renamed);
}
