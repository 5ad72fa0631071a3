import type { Inspection } from '../catalog';
import type { Change } from '../vocabulary';
import { planAddColumn, planChangeColumn, planKeepColumn } from './columns';
import { planDropTable } from './drop-table';
import { planAddIndex, planRemoveIndex } from './indexes';
import { planRemoveColumn } from './remove-column';
import { inOrder, type Plan } from './step';
import { planCreateTable } from './tables';

export type { Precondition, Plan, Step } from './step';

/**
 * The steps that make the changes to a database as it was inspected. Pure: no I/O, and each change is planned on the
 * catalog as the steps before it will leave it.
 *
 * @param migration the name of the migration, for the comment on what an undo keeps aside
 * @throws RefusedError where the database conflicts with the changes
 */
export function plan(inspection: Inspection, changes: readonly Change[], migration: string): Plan {
  return inOrder(
    inspection,
    changes
      .filter((change) => !isRedundant(change, changes))
      .map((change) => (before) => planChange(before, change, migration)),
  );
}

/**
 * Whether an index need not be dropped, because its table or one of its columns is removed as well: the index is
 * dropped with that, or stays on it where it is kept aside.
 */
function isRedundant(change: Change, changes: readonly Change[]): boolean {
  if (change.kind !== 'removeIndex') return false;
  const { table, columns } = change.undoes;
  return changes.some(
    (other) =>
      (other.kind === 'dropTable' && other.undoes.table === table) ||
      (other.kind === 'removeColumn' &&
        other.undoes.table === table &&
        columns.includes(other.undoes.column)),
  );
}

function planChange(inspection: Inspection, change: Change, migration: string): Plan {
  switch (change.kind) {
    case 'createTable':
      return planCreateTable(inspection, change);
    case 'dropTable':
      return planDropTable(inspection, change.undoes, migration);
    case 'addColumn':
      return planAddColumn(inspection, change);
    case 'removeColumn':
      return planRemoveColumn(inspection, change.undoes, migration);
    case 'changeColumn':
      return planChangeColumn(inspection, change);
    case 'keepColumn':
      return planKeepColumn(change.undoes);
    case 'addIndex':
      return planAddIndex(inspection, change);
    case 'removeIndex':
      return planRemoveIndex(inspection, change.undoes);
  }
}
