import type { Catalog, Column, ForeignKey, Table } from '../../catalog';
import type { ColumnDeclaration } from '../../vocabulary';

// What was declared, as PostgreSQL prints it: it has created that on the shadows.

/** The columns that are declared again, in place of those of a shadow. No name of a real table: it is too strange. */
export const EXISTING_COLUMNS = 'existing columns, declared again';

/** A table with some columns as they were declared last, and with their foreign keys. */
function declaredColumns({ tables }: Catalog, table: string): Pick<Table, 'columns' | 'foreignKeys'> {
  const declared = [tables.get(EXISTING_COLUMNS), tables.get(table)].flatMap((found) => found ?? []);
  return {
    columns: declared.flatMap(({ columns }) => columns),
    foreignKeys: declared.flatMap(({ foreignKeys }) => foreignKeys),
  };
}

/** A column as PostgreSQL has created it. */
export function declaredColumn(catalog: Catalog, { table, column }: ColumnDeclaration): Column {
  return columnIn({ name: table, ...declaredColumns(catalog, table) }, column);
}

/** A column that a table has. */
export function columnIn({ name: table, columns }: Pick<Table, 'name' | 'columns'>, name: string): Column {
  const found = columns.find((column) => column.name === name);
  return onShadow(`Column ${table}.${name}`, found);
}

/** The foreign key that a column was declared with; undefined where it has none. */
export function declaredKey(catalog: Catalog, { table, column }: ColumnDeclaration): ForeignKey | undefined {
  const { foreignKeys } = declaredColumns(catalog, table);
  return foreignKeys.find(({ columns }) => columns.join() === column);
}

/** Something that was declared. Missing on the shadow only if this package has a bug. */
export function onShadow<Thing>(what: string, found: Thing | undefined): Thing {
  if (found === undefined) throw new Error(`${what} was declared, but is not on the shadow.`);
  return found;
}
