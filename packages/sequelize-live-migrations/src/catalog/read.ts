import { flattened } from './flattened';
import { byName, type Catalog, type EnumType, type Table } from './model';

/** The catalog that the last of several statements has read, in the rows of all of them. */
export function catalogIn(rows: readonly object[]): Catalog {
  const row = rows.at(-1);
  const catalog = row && 'catalog' in row ? row.catalog : undefined;
  if (!isCatalog(catalog)) throw new Error('PostgreSQL did not return the catalog.');
  return { tables: byName(catalog.tables.map(withFlattened)), enums: byName(catalog.enums) };
}

/** A table with its conditions in one form: those that are equal are equal as text. */
function withFlattened(table: Table): Table {
  return {
    ...table,
    indexes: table.indexes.map((index) =>
      index.predicate === null
        ? index
        : { ...index, definition: flattened(index.definition), predicate: flattened(index.predicate) },
    ),
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      definition: flattened(constraint.definition),
    })),
  };
}

/** The shape is that of the query, in catalog-sql.ts. */
function isCatalog(value: unknown): value is { tables: Table[]; enums: EnumType[] } {
  return typeof value === 'object' && value !== null && 'tables' in value && 'enums' in value;
}
