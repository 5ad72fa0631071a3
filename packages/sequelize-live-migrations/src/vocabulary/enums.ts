import { DataTypes, type DataType } from 'sequelize';
import { type ColumnDeclaration, columnsOf } from './changed-tables';
import type { Change } from './changes';
import type { ColumnAttributes } from './columns';
import { enumName } from './default-names';

/** The enum type that a column is declared with; undefined where the column is of another type. */
export function declaredEnum({ table, column, attributes }: ColumnDeclaration): DeclaredEnum | undefined {
  const labels = enumLabelsOf(attributes);
  return labels && { name: enumName(table, column), labels };
}

interface DeclaredEnum {
  readonly name: string;
  /** In order. */
  readonly labels: readonly string[];
}

/** The labels of a `DataTypes.ENUM`, or of an array of such, in order; undefined for another type. */
export function enumLabelsOf({ type }: Pick<ColumnAttributes, 'type'>): readonly string[] | undefined {
  const element = elementOf(type);
  if (element !== undefined) return enumLabelsOf({ type: element });
  return typeof type === 'object' && 'key' in type && type.key === 'ENUM' && 'values' in type
    ? stringsOf(type.values)
    : undefined;
}

/** The same type with other labels: an enum, or an array of such. */
export function withEnumLabels(type: DataType, labels: readonly string[]): NamedType {
  const element = elementOf(type);
  return element === undefined ? DataTypes.ENUM(...labels) : DataTypes.ARRAY(withEnumLabels(element, labels));
}

/** A value of an enum column, or of an array of them, in which a label has another name. */
export function labelNow<Value>(value: Value, from: string, to: string): Value | string | unknown[] {
  if (value === from) return to;
  return Array.isArray(value) ? value.map((one: unknown) => (one === from ? to : one)) : value;
}

/** `[]` for a `DataTypes.ARRAY`, `[][]` for an array of arrays, and nothing for another type. */
export function bracketsOf({ type }: Pick<ColumnAttributes, 'type'>): string {
  const element = elementOf(type);
  return element === undefined ? '' : `[]${bracketsOf({ type: element })}`;
}

/** The names of the enum types of the columns that changes declare. */
export function enumNamesOf(changes: readonly Change[]): string[] {
  return changes.flatMap(columnsOf).flatMap((declaration) => declaredEnum(declaration)?.name ?? []);
}

/** A type of Sequelize's, and not a text. */
type NamedType = Exclude<DataType, string>;

function elementOf(type: DataType): NamedType | undefined {
  const isArray = typeof type === 'object' && 'key' in type && type.key === 'ARRAY' && 'type' in type;
  return isArray && isNamedType(type.type) ? type.type : undefined;
}

function isNamedType(type: unknown): type is NamedType {
  return (typeof type === 'object' || typeof type === 'function') && type !== null && 'key' in type;
}

function stringsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}
