import type { Change } from '../vocabulary';
import { planAddColumn, planChangeColumn } from './columns/columns';
import { planRemoveColumn } from './columns/remove-column';
import { planRestoreColumn } from './columns/restore-column';
import { planAddConstraint, planRemoveConstraint } from './constraints/constraints';
import type { Draft } from './draft/draft';
import { planRenameEnumValue } from './enums/rename-enum-value';
import { planAddIndex, planRemoveIndex } from './indexes/indexes';
import { planConvertColumn, planEndConversion } from './overlap/convert-column';
import { planEndOverlap } from './overlap/end';
import { planOverlapColumn } from './overlap/overlap-column';
import { planRenameColumn } from './rename/rename-column';
import { planRenameIndex } from './rename/rename-index';
import { planRenameTable } from './rename/rename-table';
import { planBulkDelete } from './rows/bulk-delete';
import { planBulkInsert } from './rows/bulk-insert';
import { planBulkUpdate } from './rows/bulk-update';
import { planKeepRows, planRemoveRows } from './rows/remove-rows';
import { planRevertSql, planSql } from './sql';
import { planDropTable } from './tables/drop-table';
import { planCreateTable } from './tables/create-table';

type Kind = Change['kind'];
type ChangeOf<K extends Kind> = Extract<Change, { readonly kind: K }>;
type Planner<K extends Kind> = (draft: Draft, change: ChangeOf<K>) => Promise<void>;

/** Adds the steps of one change to a draft. */
export function planChange<K extends Kind>(
  draft: Draft,
  change: ChangeOf<K> & { readonly kind: K },
): Promise<void> {
  return PLANNERS[change.kind](draft, change);
}

/** What plans each kind of change. */
const PLANNERS: { readonly [K in Kind]: Planner<K> } = {
  createTable: planCreateTable,
  dropTable: (draft, { undoes }) => planDropTable(draft, undoes),
  renameTable: planRenameTable,
  addColumn: planAddColumn,
  removeColumn: (draft, { undoes }) => planRemoveColumn(draft, undoes),
  changeColumn: planChangeColumn,
  restoreColumn: (draft, { undoes }) => planRestoreColumn(draft, undoes),
  renameColumn: planRenameColumn,
  renameEnumValue: planRenameEnumValue,
  overlapColumn: planOverlapColumn,
  endOverlap: (draft, { undoes }) => planEndOverlap(draft, undoes),
  convertColumn: planConvertColumn,
  endConversion: (draft, { undoes }) => planEndConversion(draft, undoes),
  addIndex: planAddIndex,
  removeIndex: (draft, { undoes }) => planRemoveIndex(draft, undoes),
  renameIndex: planRenameIndex,
  addConstraint: planAddConstraint,
  removeConstraint: (draft, { undoes }) => planRemoveConstraint(draft, undoes),
  bulkInsert: planBulkInsert,
  removeRows: (draft, { undoes }) => planRemoveRows(draft, undoes),
  bulkUpdate: planBulkUpdate,
  bulkDelete: planBulkDelete,
  keepRows: (draft, { undoes }) => planKeepRows(draft, undoes),
  sql: planSql,
  revertSql: (draft, { undoes }) => planRevertSql(draft, undoes),
};
