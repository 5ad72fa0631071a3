import { type Catalog, type Column, createEnumSql, enumTypeOf, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type ColumnDeclaration, declaredEnum } from '../../vocabulary';
import { dropUnlessUsedSql } from '../draft/alter';
import type { Difference } from '../draft/compare';
import type { Step } from '../draft/step';
import { isKeptAside } from '../recognised/kept-aside-comment';

/** The step that creates the enum type of a column, where that does not exist yet. */
export function createMissingEnum({ enums }: Catalog, declaration: ColumnDeclaration): Step[] {
  const type = declaredEnum(declaration);
  if (!type || enums.has(type.name)) return [];
  return [{ purpose: `create type ${type.name}`, sql: createEnumSql(type) }];
}

/**
 * How the enum type of a column conflicts with what is declared, if it is there. A type with more labels is ahead of the
 * migration, and does not conflict, as long as the declared ones are there in their order.
 */
export function enumConflicts(catalog: Catalog, declaration: ColumnDeclaration): Difference[] {
  const type = declaredEnum(declaration);
  const found = type && catalog.enums.get(type.name);
  if (!found || isSubsequence(type.labels, found.labels)) return [];
  const users = keptAsideOf(catalog, type.name);
  const purge =
    'npx sequelize-live-migrations purge deletes it for good, or the new column needs another name';
  const kept = users.length === 0 ? '' : `, the labels of ${users.join(', ')}, which is kept aside: ${purge}`;
  return [
    {
      what: `enum type ${type.name}`,
      expected: type.labels.join(', '),
      found: found.labels.join(', ') + kept,
    },
  ];
}

/** The columns of an enum type that are kept aside, by themselves or with their table. */
function keptAsideOf(catalog: Catalog, type: string): string[] {
  return columnsOfType(catalog, type)
    .filter(({ table, column }) => [table, column].some(({ comment }) => isKeptAside(comment)))
    .map(({ table, column }) => `${table.name}.${column.name}`);
}

/** The columns of an enum type, or of arrays of it. */
export function columnsOfType(catalog: Catalog, type: string): TypedColumn[] {
  return [...catalog.tables.values()].flatMap((table) =>
    table.columns
      .filter((column) => enumTypeOf(catalog, column)?.name === type)
      .map((column) => ({ table, column })),
  );
}

export interface TypedColumn {
  readonly table: Table;
  readonly column: Column;
}

export function isSubsequence(labels: readonly string[], all: readonly string[]): boolean {
  let matched = 0;
  for (const label of all) if (label === labels[matched]) matched += 1;
  return matched === labels.length;
}

/** The statements that drop the enum types of columns that are dropped, except those that something else uses. */
export function dropUnusedEnumsSql({ enums }: Catalog, columns: readonly ColumnDeclaration[]): string[] {
  const names = columns.flatMap((declaration) => declaredEnum(declaration)?.name ?? []);
  return names.filter((name) => enums.has(name)).map(dropUnusedEnumSql);
}

/** The same for one type. */
export function dropUnusedEnumSql(name: string): string {
  return dropUnlessUsedSql(`TYPE ${quoteIdentifier(name)}`);
}
