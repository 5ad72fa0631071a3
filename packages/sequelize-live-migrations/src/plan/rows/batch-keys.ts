import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../../postgres';

// Names that no table and no column has: what a migration gives as SQL is in the same statement.
export const BATCH = quoteIdentifier('rows of the batch');
export const WRITTEN = quoteIdentifier('rows written');

/**
 * True of a row that comes after the batch before, in the order of a key.
 *
 * @param columns those of the rows, among which are those of the key
 * @param last the key of the last row of the batch before, as `lastKeySql` gives it
 */
export function isAfterSql(
  columns: readonly { readonly name: string; readonly type: string }[],
  key: readonly string[],
  last: string,
): string {
  const after = key.map((name, n) => {
    const type = columns.find((column) => column.name === name)?.type ?? 'text';
    return `(${quoteLiteral(last)}::text[])[${String(n + 1)}]::${type}`;
  });
  return `(${quoteIdentifiers(key)}) > (${after.join(', ')})`;
}

/** The key of the last row of a batch. */
export function lastKeySql(key: readonly string[]): string {
  const texts = key.map((name) => `${quoteIdentifier(name)}::text`);
  const order = key.map((name) => `${quoteIdentifier(name)} DESC`);
  return `(SELECT ARRAY[${texts.join(', ')}]::text FROM ${BATCH} ORDER BY ${order.join(', ')} LIMIT 1)`;
}
