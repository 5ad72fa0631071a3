import type { Table } from '../../catalog';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { hasUnknown } from '../draft/step';

/**
 * That something else of the schema has the name of an index that is to be built on a table with rows: found out before the first
 * step, since the build would find it only after earlier ones are done. Not where SQL of this migration runs before, which may
 * remove that.
 */
export async function nameTaken(draft: Draft, { name: table }: Table, name: string): Promise<Difference[]> {
  if (hasUnknown(draft.steps)) return [];
  const taken = await draft.live.takenElsewhere([name]);
  return taken.map(() => ({
    what: `index ${name} of table ${table}`,
    expected: 'a name that nothing else in the schema has',
    found:
      'an index or a table of that name, which has nothing to do with this table. Declare another one: { name: … }',
  }));
}
