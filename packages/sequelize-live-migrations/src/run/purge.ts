import type { Commented } from '../catalog';
import { Draft, planPurgeColumn, planPurgeTable } from '../plan';
import type { Run } from '../session';
import { execute } from './execute/execute';
import { withShadows } from './with-shadows';

/**
 * Deletes a table or a column for good.
 *
 * @returns what depends on it, for which it stays
 * @throws where the search path finds another table of that name
 */
export async function purge(run: Run, { schema, table, column }: Commented): Promise<string[]> {
  const subject = { tables: [table], parents: [], enums: [], migrations: [] };
  const planned = await withShadows(run, subject, async (shadows) => {
    const draft = new Draft(run.sequelize, shadows, {
      name: 'purge',
      direction: 'up',
      later: [],
      changes: [],
    });
    const dependents =
      column === null ? await planPurgeTable(draft, table) : await planPurgeColumn(draft, table, column);
    return { plan: draft, place: shadows.place, seen: shadows.seen, dependents };
  });
  if (planned.place.schema !== schema) {
    const message = `The search_path finds ${table} in schema ${planned.place.schema}, and not in ${schema}.`;
    throw new Error(`${message} Nothing of it was deleted. Set a search_path that finds only that one.`);
  }
  if (planned.dependents.length > 0) return planned.dependents;
  const logChange = () => Promise.resolve({ statements: [] });
  await execute(run, { ...planned, logChange, nothingDone: 'It stays as it is.' });
  return [];
}
