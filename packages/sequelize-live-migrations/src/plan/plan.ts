import type { Inspection } from '../catalog';
import type { Intent } from '../vocabulary';
import { planAddColumn, planChangeColumn, planKeepColumn } from './columns';
import { planDropTable } from './drop-table';
import { planAddIndex, planRemoveIndex } from './indexes';
import { planRemoveColumn } from './remove-column';
import { inOrder, type Plan } from './step';
import { planCreateTable } from './tables';

export type { Claim, Plan, Step } from './step';

/**
 * The steps that make the intents true on a database as it was inspected. Pure: no I/O, and each intent is
 * planned against the catalog as the steps before it will have left it.
 *
 * @param migration the name of the migration, for what an undo of it sets aside
 * @throws RefusedError where the database holds something that must not be guessed about.
 */
export function plan(inspection: Inspection, intents: readonly Intent[], migration: string): Plan {
  return inOrder(
    inspection,
    intents
      .filter((intent) => !goesAnyway(intent, intents))
      .map((intent) => (before) => planIntent(before, intent, migration)),
  );
}

/**
 * Whether an index need not be removed, because its table or one of its columns is: it goes with that, or is
 * set aside with it, still built.
 */
function goesAnyway(intent: Intent, intents: readonly Intent[]): boolean {
  if (intent.kind !== 'removeIndex') return false;
  const { table, columns } = intent.undoes;
  return intents.some(
    (other) =>
      (other.kind === 'dropTable' && other.undoes.table === table) ||
      (other.kind === 'removeColumn' &&
        other.undoes.table === table &&
        columns.includes(other.undoes.column)),
  );
}

function planIntent(inspection: Inspection, intent: Intent, migration: string): Plan {
  switch (intent.kind) {
    case 'createTable':
      return planCreateTable(inspection, intent);
    case 'dropTable':
      return planDropTable(inspection, intent.undoes, migration);
    case 'addColumn':
      return planAddColumn(inspection, intent);
    case 'removeColumn':
      return planRemoveColumn(inspection, intent.undoes, migration);
    case 'changeColumn':
      return planChangeColumn(inspection, intent);
    case 'keepColumn':
      return planKeepColumn(intent.undoes);
    case 'addIndex':
      return planAddIndex(inspection, intent);
    case 'removeIndex':
      return planRemoveIndex(inspection, intent.undoes);
  }
}
