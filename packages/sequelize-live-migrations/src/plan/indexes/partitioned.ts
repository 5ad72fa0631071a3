import type { Index, Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type Difference, indexInWords } from '../draft/compare';

/**
 * PostgreSQL builds no index of a partitioned table concurrently, nor one that is made into a constraint: without blocking
 * writes it is made of one index for each partition (manual, Table Partitioning, Partition Maintenance). Found out before
 * the first step, since the build would fail after earlier steps are done.
 *
 * @param onParentSql the statement that declares the index on the partitioned table alone
 */
export function partitionedConflict(table: Table, index: Index, onParentSql: string): Difference {
  const name = quoteIdentifier(index.name);
  return {
    what: `index ${index.name}`,
    expected: indexInWords(index),
    found:
      `${table.name} is a partitioned table with rows, and PostgreSQL builds such an index only while nobody writes. ` +
      `With writes: ${onParentSql}; then for each partition CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ` +
      `and ALTER INDEX ${name} ATTACH PARTITION`,
  };
}
