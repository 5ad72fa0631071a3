import type { PreparedStatement, QueryPrepared } from '../postgres';
import { byName, type Catalog, type EnumType, type Table } from './model';

/** The catalog that a statement reads. */
export async function readCatalog(query: QueryPrepared, statement: PreparedStatement): Promise<Catalog> {
  return catalogIn(await query(statement));
}

/** The catalog that the last of several statements has read, in the rows of all of them. */
export function catalogIn(rows: readonly object[]): Catalog {
  const row = rows.at(-1);
  const catalog = row && 'catalog' in row ? row.catalog : undefined;
  if (!isCatalog(catalog)) throw new Error('PostgreSQL did not return the catalog.');
  return { tables: byName(catalog.tables), enums: byName(catalog.enums) };
}

/** The shape is that of the query, in catalog-sql.ts. */
function isCatalog(value: unknown): value is { tables: Table[]; enums: EnumType[] } {
  return typeof value === 'object' && value !== null && 'tables' in value && 'enums' in value;
}
