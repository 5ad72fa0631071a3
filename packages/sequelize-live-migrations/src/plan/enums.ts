import { type Difference, difference } from './compare';
import { createEnumSql } from './ddl';
import { withEnum, withoutEnum } from './effects';
import { columnKey, type Inspection } from '../catalog';
import { type ColumnAttributes, enumNameOf } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { declared, type Step } from './step';

/** The step that creates the enum type of a column, where that does not exist yet. */
export function createMissingEnum(
  { live, desired }: Inspection,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): Step[] {
  const name = enumNameOf(table, column, attributes);
  if (!name || live.enums.has(name)) return [];
  const type = declared(desired.enums.get(name), `type ${name}`);
  const created = { ...type, usedBy: [`${table}.${column}`] };
  return [
    {
      purpose: `create type ${name}`,
      sql: createEnumSql(type),
      effect: (catalog) => withEnum(catalog, created),
    },
  ];
}

/** How the desired enum type of a column differs from the live one of the same name, if there is one. */
export function enumDifferences(
  { live, desired }: Inspection,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): Difference[] {
  const name = enumNameOf(table, column, attributes);
  const found = name ? live.enums.get(name) : undefined;
  if (!name || !found) return [];
  const type = declared(desired.enums.get(name), `type ${name}`);
  return difference(`enum type ${name}`, type.labels.join(', '), found.labels.join(', '));
}

/** The step that drops the enum type of a column that is dropped, where nothing else uses the type. */
export function dropUnusedEnum(
  { live }: Inspection,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): Step[] {
  const name = enumNameOf(table, column, attributes);
  const type = name && live.enums.get(name);
  if (!type || type.usedBy.some((use) => use !== columnKey(table, column))) return [];
  return [
    {
      purpose: `drop type ${type.name}`,
      sql: `DROP TYPE ${quoteIdentifier(type.name)}`,
      effect: (catalog) => withoutEnum(catalog, type.name),
    },
  ];
}

/** The statements that drop the enum types which only these columns of a table use. */
export function dropTypesSql(
  inspection: Inspection,
  table: string,
  columns: Readonly<Record<string, ColumnAttributes>>,
): string[] {
  return Object.entries(columns).flatMap(([column, attributes]) =>
    dropUnusedEnum(inspection, table, column, attributes).map(({ sql }) => sql),
  );
}
