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
 * The steps that make the intents true on a database as it was inspected. Pure: no I/O, and each intent is
 * planned against the catalog as the steps before it will have left it.
 *
 * @param migration the name of the migration, for what an undo of it sets aside
 * @throws RefusedError where the database holds something that must not be guessed about.
 */
export function plan(inspection: Inspection, changes: readonly Change[], migration: string): Plan {
  return inOrder(
    inspection,
    changes
      .filter((change) => !goesAnyway(change, changes))
      .map((change) => (before) => planIntent(before, change, migration)),
  );
}

/**
 * Whether an index need not be removed, because its table or one of its columns is: it goes with that, or is
 * set aside with it, still built.
 */
function goesAnyway(change: Change, changes: readonly Change[]): boolean {
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

function planIntent(inspection: Inspection, change: Change, migration: string): Plan {
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
