import { mostRestrictiveMode, type TableLock } from '../../postgres';
import type { Step } from '../../plan';

/**
 * The locks that steps take on tables which exist before the first of them, under the names from before: for each table
 * the most restrictive one, however much is locked on others.
 */
export function locksOf(steps: readonly Step[]): TableLock[] {
  const namesBefore = new Map<string, string | undefined>();
  const byTable = new Map<string, TableLock[]>();
  const nameBefore = (table: string) => (namesBefore.has(table) ? namesBefore.get(table) : table);
  for (const { locks = [], names } of steps) {
    for (const { table, mode } of locks) {
      const name = nameBefore(table);
      if (name !== undefined) byTable.set(name, [...(byTable.get(name) ?? []), { table: name, mode }]);
    }
    if (names) namesBefore.set(names.table, names.was === undefined ? undefined : nameBefore(names.was));
  }
  return [...byTable].map(([table, locks]) => ({ table, mode: mostRestrictiveMode(locks) }));
}
