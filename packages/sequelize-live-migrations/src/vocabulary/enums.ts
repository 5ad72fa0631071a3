import { type Change, columnsOf } from './changes';
import type { ColumnAttributes } from './columns';
import { enumName } from './default-names';

/** The name of the enum type of a column, or undefined where the column is of another type. */
export function enumNameOf(table: string, column: string, attributes: ColumnAttributes): string | undefined {
  return enumLabelsOf(attributes) && enumName(table, column);
}

/** The labels of a `DataTypes.ENUM`, in order, or undefined for another type. */
export function enumLabelsOf({ type }: ColumnAttributes): readonly string[] | undefined {
  return typeof type === 'object' && 'key' in type && type.key === 'ENUM' && 'values' in type
    ? stringsOf(type.values)
    : undefined;
}

/** The names of the enum types of the columns that changes declare. */
export function enumNamesOf(changes: readonly Change[]): string[] {
  const columns = changes.flatMap(columnsOf);
  return columns.flatMap(({ table, column, attributes }) => enumNameOf(table, column, attributes) ?? []);
}

function stringsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}
