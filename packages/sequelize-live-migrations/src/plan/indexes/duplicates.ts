import type { Index, Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { uniqueInPartsOnly } from '../citus/conflicts';
import { type Difference, indexInWords } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { violationsOf } from '../draft/violations';

/**
 * That Citus accepts no unique index, or that rows have the same values where one is to be: found out before the first step,
 * since the build would find it only after earlier steps are done, and leave an invalid index.
 */
export async function duplicatesConflict(draft: Draft, table: Table, index: Index): Promise<Difference[]> {
  if (!index.unique) return [];
  const inPartsOnly = uniqueInPartsOnly(table, index);
  if (inPartsOnly.length > 0) return inPartsOnly;
  const { keys, predicate } = index;
  const nonNull = keys.map((key) => `(${key}) IS NOT NULL`);
  const condition = [...(predicate === null ? [] : [`(${predicate})`]), ...nonNull].join(' AND ');
  const grouped = `${condition} GROUP BY ${keys.join(', ')} HAVING count(*) > 1`;
  return violationsOf(draft, {
    table,
    isFound: () => draft.rows.find(table, grouped),
    query: (source) =>
      `SELECT ${keys.join(', ')}, count(*) FROM ${source(table)} AS ${quoteIdentifier(table.name)} WHERE ${grouped}`,
    difference: (query) => ({
      what: `index ${index.name}`,
      expected: indexInWords(index),
      found: `rows with the same values: ${query};`,
    }),
  });
}
