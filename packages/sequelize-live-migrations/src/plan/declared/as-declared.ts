import type { Catalog, Column, Table } from '../../catalog';
import type { ColumnDeclaration } from './column-sql';
import { EXISTING_COLUMNS } from './declarations';

// What was declared, as PostgreSQL prints it: it has created that on the shadows.

/** A table with some columns as they were declared last, and with their foreign keys. */
export function declaredColumns({ tables }: Catalog, table: string): Pick<Table, 'columns' | 'foreignKeys'> {
  const declared = [tables.get(EXISTING_COLUMNS), tables.get(table)].flatMap((found) => found ?? []);
  return {
    columns: declared.flatMap(({ columns }) => columns),
    foreignKeys: declared.flatMap(({ foreignKeys }) => foreignKeys),
  };
}

/** A column as PostgreSQL has created it on a shadow. Missing only if this package has a bug. */
export function declaredColumn(catalog: Catalog, { table, column }: ColumnDeclaration): Column {
  const declared = declaredColumns(catalog, table).columns.find(({ name }) => name === column);
  if (!declared) throw new Error(`Column ${table}.${column} was declared, but is not on the shadow.`);
  return declared;
}

/** A table as PostgreSQL has created it as a shadow. Missing only if this package has a bug. */
export function declaredTable(table: Table | undefined, name: string): Table {
  if (!table) throw new Error(`Table ${name} was declared, but there is no shadow of it.`);
  return table;
}
