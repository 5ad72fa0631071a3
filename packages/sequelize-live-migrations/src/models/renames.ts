import { type Catalog, type Column, enumTypeOf, type Table } from '../catalog';
import type { RenameColumn, RenameTable } from '../vocabulary';
import { type Both, columnsOnlyIn } from './column-attributes';

/** The new name of a table or a column, which its model does not tell from another table or column. */
export type NameChange = RenameTable | RenameColumn;

/**
 * The columns that may have got another name: one that no model declares any more, and one of the same type that the
 * migrations do not make yet. Only whoever has changed the model knows.
 */
export function renamedColumns({ found, desired }: Both): NameChange[] {
  const gone = columnsOnlyIn(found.table, desired.table);
  const come = columnsOnlyIn(desired.table, found.table);
  return come.flatMap((to) =>
    gone
      .filter((from) => kindOf(found.catalog, from) === kindOf(desired.catalog, to))
      .map((from) => ({ kind: 'renameColumn', table: found.table.name, from: from.name, to: to.name })),
  );
}

/** The tables that may have got another name: most of their columns have the same names and types. */
export function renamedTables(
  found: Catalog,
  gone: readonly Table[],
  desired: Catalog,
  come: readonly Table[],
): NameChange[] {
  const columnsOf = (catalog: Catalog, { columns }: Table) =>
    columns.map((column) => `${column.name} ${kindOf(catalog, column)}`);
  return come.flatMap((to) =>
    gone
      .filter((from) => {
        const [before, after] = [columnsOf(found, from), columnsOf(desired, to)];
        const same = after.filter((column) => before.includes(column)).length;
        return same > 1 && same * 2 > Math.max(before.length, after.length);
      })
      .map((from) => ({ kind: 'renameTable', table: from.name, from: from.name, to: to.name })),
  );
}

/** The type of a column, of an enum type its labels: its name is made of that of the column. */
function kindOf(catalog: Catalog, column: Column): string {
  const labels = enumTypeOf(catalog, column)?.labels;
  return labels ? `enum ${labels.join()}` : `${column.type}${column.serial ? ' serial' : ''}`;
}
