import { columnNamed, type Column, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type ChangeColumn, type ColumnDeclaration, enumLabelsOf, foreignKeyOf } from '../../vocabulary';
import { dropForeignKey } from '../constraints/foreign-key-steps';
import { planForeignKey } from '../constraints/foreign-keys';
import { declaredColumn, declaredKey } from '../declared/as-declared';
import { typeSql } from '../declared/column-sql';
import { planColumnComment } from '../declared/comments';
import { declareColumns } from '../declared/declarations';
import type { Draft } from '../draft/draft';
import { restoreConverted } from '../overlap/take-place';
import { reconcile } from './columns';

/**
 * Undoes a change of a column: its default, its NOT NULL and its foreign key become what the migrations before have
 * declared last, as far as nothing is lost. Its type stays, because it may hold by now what the one before cannot.
 */
export async function planRestoreColumn(draft: Draft, change: ChangeColumn): Promise<void> {
  const { table: tableName, column } = change;
  if (!(await draft.find(tableName)) || draft.isChangedLater(tableName, column)) return;
  const isConvertedBack = await restoreConverted(draft, tableName, column);
  const table = await draft.table(tableName);
  const found = columnNamed(table, column);
  if (!found) return;
  const before = draft.declaredBefore(tableName, column);
  if (!before) {
    const why = 'what it was before is not known';
    draft.notice(`column ${tableName}.${column} stays as it is${labelsThatStay(change)}: ${why}`);
    return;
  }
  const ofType = { ...before, attributes: { ...before.attributes, type: found.type } };
  const declared = await declareColumns(draft, tableName, [ofType]);
  const desired = declaredColumn(declared, ofType);
  await reconcile(draft, ofType, await withoutFilling(draft, table, desired, found), found);
  await planColumnComment(draft, { ...before, kind: 'changeColumn' });
  const key = declaredKey(declared, ofType);
  if (before.attributes.references && key) await planForeignKey(draft, tableName, key);
  else await dropOwnForeignKey(draft, change);
  if (!isOfSameType(draft, before, change) && !isConvertedBack) {
    draft.notice(`column ${tableName}.${column} stays ${found.type}${labelsThatStay(change)}`);
  }
}

function labelsThatStay({ attributes }: ChangeColumn): string {
  return enumLabelsOf(attributes) ? ', with all labels of its type, of which PostgreSQL removes none' : '';
}

function isOfSameType({ sequelize }: Draft, before: ColumnDeclaration, change: ColumnDeclaration): boolean {
  const labelsOf = ({ attributes }: ColumnDeclaration) => enumLabelsOf(attributes)?.join();
  const hasSameLabels = labelsOf(before) === labelsOf(change);
  return hasSameLabels && typeSql(sequelize, before) === typeSql(sequelize, change);
}

/** What a column is to become: it stays nullable where it has nulls by now, which an undo does not fill. */
async function withoutFilling(draft: Draft, table: Table, desired: Column, found: Column): Promise<Column> {
  if (!desired.notNull || found.notNull) return desired;
  const hasNulls = await draft.rows.find(table, `${quoteIdentifier(found.name)} IS NULL`);
  if (hasNulls) draft.notice(`column ${table.name}.${found.name} stays nullable: it has nulls`);
  return { ...desired, notNull: !hasNulls };
}

/** Drops the foreign key that a change has given its column, if it has: the column had none before. */
async function dropOwnForeignKey(draft: Draft, change: ColumnDeclaration): Promise<void> {
  const table = await draft.table(change.table);
  const key = table.foreignKeys.find(({ name }) => name === foreignKeyOf(change)?.name);
  if (key) draft.add(dropForeignKey(table, key));
}
