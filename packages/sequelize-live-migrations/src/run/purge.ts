import type { Commented } from '../catalog';
import { Draft, planPurgeColumn, planPurgeTable } from '../plan';
import type { Run } from '../session';
import { execute } from './execute/execute';
import { readReplication } from './replication';
import { withShadows } from './with-shadows';

/**
 * Deletes a table or a column for good.
 *
 * @returns what depends on it, for which it stays
 */
export async function purge(run: Run, { schema, table, column }: Commented): Promise<string[]> {
  const subject = { schema, tables: [table], parents: [], enums: [], migrations: [] };
  const planned = await withShadows(run, subject, async (shadows) => {
    const draft = new Draft(run.sequelize, shadows, {
      name: 'purge',
      direction: 'up',
      later: [],
      changes: [],
    });
    const warningsOf = await readReplication(run, shadows);
    const before = warningsOf && (await shadows.catalog());
    const dependents =
      column === null ? await planPurgeTable(draft, table) : await planPurgeColumn(draft, table, column);
    const warnings = before ? warningsOf(before, await shadows.catalog()) : [];
    return { plan: draft, place: shadows.place, seen: shadows.seen, dependents, warnings };
  });
  if (planned.dependents.length > 0) return planned.dependents;
  const logChange = () => Promise.resolve({ statements: [] });
  await execute(run, { ...planned, logChange, nothingDone: 'It stays as it is.' });
  return [];
}
