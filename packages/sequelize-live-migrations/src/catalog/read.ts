import type { Query } from '../postgres';
import { byName, type Catalog, type EnumType, type Table } from './model';

/** The catalog that a query reads, and its hash, which stays the same as long as the catalog does. */
export async function readCatalog(query: Query, sql: string): Promise<Catalog & { readonly hash: string }> {
  const rows = await query<{ hash: string; catalog: { tables: Table[]; enums: EnumType[] } }>(sql);
  const row = rows.find((candidate) => 'catalog' in candidate);
  if (!row) throw new Error('PostgreSQL did not return the catalog.');
  const { hash, catalog } = row;
  return { hash, tables: byName(catalog.tables), enums: byName(catalog.enums) };
}
