import type { Inspection } from '../inspect';
import type { Intent } from '../intents';
import { planAddColumn, planChangeColumn, planKeepColumn, planRemoveColumn } from './columns';
import { planAddIndex, planRemoveIndex } from './indexes';
import { inOrder, type Plan } from './step';
import { planCreateTable, planDropTable } from './tables';

export type { Plan, Step } from './step';

/**
 * The steps that make the intents true on a database as it was inspected. Pure: no I/O, and each intent is
 * planned against the catalog as the steps before it will have left it.
 *
 * @throws RefusedError where the database holds something that must not be guessed about.
 */
export function plan(inspection: Inspection, intents: readonly Intent[]): Plan {
  return inOrder(
    inspection,
    intents.map((intent) => (before) => planIntent(before, intent)),
  );
}

function planIntent(inspection: Inspection, intent: Intent): Plan {
  switch (intent.kind) {
    case 'createTable':
      return planCreateTable(inspection, intent);
    case 'dropTable':
      return planDropTable(inspection, intent.undoes);
    case 'addColumn':
      return planAddColumn(inspection, intent);
    case 'removeColumn':
      return planRemoveColumn(inspection, intent.undoes);
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
