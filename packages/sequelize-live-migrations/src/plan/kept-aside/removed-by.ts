import type { Change } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import type { Removable } from './keep-aside';
import { removableColumn } from './removable-column';
import { removableTable } from './removable-table';

/** The column or table that a change removes; undefined where it removes none. */
export function removedBy(draft: Draft, change: Change): Removable | undefined {
  if (change.kind === 'dropTable') return removableTable(draft, change.undoes.table);
  if (change.kind !== 'removeColumn') return undefined;
  return removableColumn(draft, change.undoes.table, change.undoes.column);
}
