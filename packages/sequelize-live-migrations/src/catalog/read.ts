import { asReadAgain } from './as-read-again';
import { byName, type Catalog, type EnumType, type Table } from './model';

/** The catalog that the last of several statements has read, in the rows of all of them. */
export function catalogIn(rows: readonly object[]): Catalog {
  const row = rows.at(-1);
  const catalog = row && 'catalog' in row ? row.catalog : undefined;
  if (!isCatalog(catalog)) throw new Error('PostgreSQL did not return the catalog.');
  return { tables: byName(catalog.tables.map(withExpressions)), enums: byName(catalog.enums) };
}

/** A table with its expressions in one form: those that are equal are equal as text. */
function withExpressions(table: Table): Table {
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.default === null ? column : { ...column, default: asReadAgain(column.default) },
    ),
    indexes: table.indexes.map((index) => ({
      ...index,
      definition: asReadAgain(index.definition),
      predicate: index.predicate === null ? null : asReadAgain(index.predicate),
    })),
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      definition: asReadAgain(constraint.definition),
    })),
  };
}

/** The shape is that of the query, in catalog-sql.ts. */
function isCatalog(value: unknown): value is { tables: Table[]; enums: EnumType[] } {
  return typeof value === 'object' && value !== null && 'tables' in value && 'enums' in value;
}
