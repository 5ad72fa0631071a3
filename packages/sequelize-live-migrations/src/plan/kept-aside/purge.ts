import { type Catalog, type Column, columnNamed, enumTypeOf, KEPT_ASIDE } from '../../catalog';
import { dropUnusedEnumSql } from '../declared/enum-types';
import type { Draft } from '../draft/draft';
import { otherOf, overlapOf } from '../recognised/overlap';
import { dropColumn } from './removable-column';
import { dropTableWithRows } from './removable-table';

// Deletion for good: nothing restores it. Of what else depends on it, PostgreSQL drops nothing.

/**
 * Drops a column with its values, and its enum type where nothing else uses that.
 *
 * @returns what depends on it, such as views, for which it is not dropped
 */
export async function planPurgeColumn(draft: Draft, tableName: string, name: string): Promise<string[]> {
  const table = await draft.find(tableName);
  const column = table && columnNamed(table, name);
  if (!table || !column) return [];
  const overlap = overlapOf(table, name);
  if (overlap) return [`column ${otherOf(overlap, name)}, which triggers keep equal`];
  const dependents = await draft.dependentsOn(table, column);
  if (dependents.length > 0) return dependents;
  const drop = dropColumn(table, name);
  const enums = enumsOf(await draft.catalog(), [column]);
  draft.add({ ...drop, purpose: `${drop.purpose} for good`, sql: [drop.sql, ...enums].join(';\n') });
  return [];
}

/** The same for a table. @returns the views and the foreign keys of other tables for which it is not dropped */
export async function planPurgeTable(draft: Draft, name: string): Promise<string[]> {
  const table = await draft.find(name);
  if (!table) return [];
  const dependents = draft.live.dependentsOf(table).map(({ kind, relation }) => `${kind} ${relation}`);
  if (dependents.length > 0) return dependents;
  const drop = dropTableWithRows(table, enumsOf(await draft.catalog(), table.columns));
  draft.add({ ...drop, purpose: `${drop.purpose} for good` });
  return [];
}

/** Refuses a change that would delete something for good on which something else depends. */
export function refuseDependents(draft: Draft, what: string, dependents: readonly string[]): void {
  if (dependents.length === 0) return;
  draft.refuse({ what, expected: 'that nothing depends on it', found: dependents.join(', ') });
}

/** The statements that drop the enum types of some columns, as far as this package or Sequelize has created them. */
function enumsOf(catalog: Catalog, columns: readonly Column[]): string[] {
  const types = columns.flatMap((column) => enumTypeOf(catalog, column)?.name ?? []);
  const isOwn = (type: string) => ['enum_', `${KEPT_ASIDE}enum_`].some((prefix) => type.startsWith(prefix));
  return [...new Set(types)].filter(isOwn).map(dropUnusedEnumSql);
}
