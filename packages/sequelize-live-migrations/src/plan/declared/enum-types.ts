import { type Catalog, createEnumSql } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { enumLabelsOf, enumNameOf } from '../../vocabulary';
import type { Difference } from '../draft/compare';
import type { Step } from '../draft/step';
import type { ColumnDeclaration } from './column-sql';

/** The step that creates the enum type of a column, where that does not exist yet. */
export function createMissingEnum(
  { enums }: Catalog,
  { table, column, attributes }: ColumnDeclaration,
): Step[] {
  const name = enumNameOf(table, column, attributes);
  const labels = enumLabelsOf(attributes) ?? [];
  if (!name || enums.has(name)) return [];
  return [{ purpose: `create type ${name}`, sql: createEnumSql({ name, labels }) }];
}

/**
 * How the enum type of a column conflicts with what is declared, if it is there. A type with more labels is ahead of the
 * migration, and does not conflict, as long as the declared ones are there in their order.
 */
export function enumConflicts(
  { enums }: Catalog,
  { table, column, attributes }: ColumnDeclaration,
): Difference[] {
  const name = enumNameOf(table, column, attributes);
  const labels = enumLabelsOf(attributes) ?? [];
  const found = name === undefined ? undefined : enums.get(name);
  if (!name || !found || isSubsequence(labels, found.labels)) return [];
  return [{ what: `enum type ${name}`, expected: labels.join(', '), found: found.labels.join(', ') }];
}

export function isSubsequence(labels: readonly string[], all: readonly string[]): boolean {
  let matched = 0;
  for (const label of all) if (label === labels[matched]) matched += 1;
  return matched === labels.length;
}

/** The statements that drop the enum types of columns that are dropped, except those that something else uses. */
export function dropUnusedEnumsSql({ enums }: Catalog, columns: readonly ColumnDeclaration[]): string[] {
  return columns.flatMap(({ table, column, attributes }) => {
    const name = enumNameOf(table, column, attributes);
    return name && enums.has(name) ? [dropUnusedEnumSql(name)] : [];
  });
}

/** The same for one type. */
export function dropUnusedEnumSql(name: string): string {
  const drop = `DROP TYPE ${quoteIdentifier(name)}`;
  const body = `BEGIN ${drop}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END`;
  return `DO ${quoteLiteral(body)}`;
}
