import { type DataType, DataTypes, literal } from 'sequelize';
import {
  type Catalog,
  type Column,
  columnNamed,
  enumTypeOf,
  type ForeignKey,
  isIdentity,
  type Table,
} from '../catalog';
import { type ColumnAttributes, declaredEnum } from '../vocabulary';
import { defaultValueOf } from './default-value';

/** Some tables as PostgreSQL describes them, and one of these. */
interface InCatalog {
  readonly catalog: Catalog;
  readonly table: Table;
}

/** A table as the migrations make it, and as the models declare it. */
export interface Both {
  readonly found: InCatalog;
  readonly desired: InCatalog;
}

/** The columns of a table that another one does not have. */
export function columnsOnlyIn({ columns }: Table, other: Table): Column[] {
  return columns.filter(({ name }) => !columnNamed(other, name));
}

/**
 * What a migration declares to create a column as it is in a catalog: the type under PostgreSQL's name for it, except an
 * enum of the column's own.
 */
export function attributesOf({ catalog, table }: InCatalog, column: Column): ColumnAttributes {
  const isKey = table.primaryKey?.columns.includes(column.name) === true;
  const defaultValue = defaultValueOf(column);
  const key = keyOf(table, column);
  return {
    type: typeOf({ catalog, table }, column),
    ...(column.notNull && !isKey ? { allowNull: false } : {}),
    ...(isKey ? { primaryKey: true } : {}),
    ...(column.serial || isIdentity(column) ? { autoIncrement: true } : {}),
    ...(isIdentity(column) ? { autoIncrementIdentity: true } : {}),
    ...(column.generated === 's' ? { generatedAs: literal(column.default ?? '') } : {}),
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(column.comment === null ? {} : { comment: column.comment }),
    ...(key ? referencesOf(key) : {}),
  };
}

/** The foreign key of a column by itself, to a single one: the kind that a column can declare. */
export function keyOf({ foreignKeys }: Table, { name }: Column): ForeignKey | undefined {
  return foreignKeys.find(
    ({ columns, references }) => columns.join() === name && references.columns.length === 1,
  );
}

function typeOf({ catalog, table }: InCatalog, column: Column): ColumnAttributes['type'] {
  const found = enumTypeOf(catalog, column);
  if (!found) return column.type;
  const own = enumOf(column, found.labels);
  const declared = declaredEnum({ table: table.name, column: column.name, attributes: { type: own } });
  return declared?.name === found.name ? own : column.type;
}

/** An enum of some labels, or an array of it where the column has one. */
export function enumOf({ type }: Column, labels: readonly string[]): Exclude<DataType, string> {
  return type.endsWith('[]') ? DataTypes.ARRAY(DataTypes.ENUM(...labels)) : DataTypes.ENUM(...labels);
}

function referencesOf({ references, onUpdate, onDelete }: ForeignKey): Partial<ColumnAttributes> {
  return {
    references: { model: references.table, key: references.columns[0] ?? '' },
    ...(onUpdate === 'NO ACTION' ? {} : { onUpdate }),
    ...(onDelete === 'NO ACTION' ? {} : { onDelete }),
  };
}
