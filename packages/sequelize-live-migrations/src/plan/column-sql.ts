import { Utils, type DataType, type Sequelize } from 'sequelize';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import { type Change, type ColumnDeclaration as DeclaredColumn, enumNameOf } from '../vocabulary';

/** A column as a change declares it. */
export interface ColumnDeclaration extends DeclaredColumn {
  /** The kind of the change; left out for a column of a table. */
  readonly kind?: Change['kind'];
}

/** `"status" enum_pets_kind DEFAULT 'cat' NOT NULL` */
export function declaredColumnSql(sequelize: Sequelize, declaration: ColumnDeclaration): string {
  const { column, attributes } = declaration;
  const notNull = attributes.allowNull === false || attributes.primaryKey ? ' NOT NULL' : '';
  return `${quoteIdentifier(column)} ${typeSql(sequelize, declaration)}${defaultSql(declaration)}${notNull}`;
}

export function typeSql(sequelize: Sequelize, { table, column, attributes }: ColumnDeclaration): string {
  const enumName = enumNameOf(table, column, attributes);
  if (enumName) return quoteIdentifier(enumName);
  const sql = dialectType(sequelize, attributes.type);
  if (!attributes.autoIncrement) return sql;
  const serial = SERIAL[sql.toUpperCase()];
  if (serial === undefined)
    throw new Error(`${table}.${column}: autoIncrement is for integers, not for ${sql}.`);
  return serial;
}

/**
 * Statements that fail where a type, given as text, is more than a type, or a default more than an expression: `integer
 * CHECK (age > 0)` would be a column and a constraint, of which the second is lost. They compute nothing.
 */
export function assertColumnSql({ attributes: { type, defaultValue } }: ColumnDeclaration): string[] {
  const isType = typeof type === 'string' && !/^(small|big)?serial$/i.test(type);
  return [
    ...(isType ? [`SELECT CAST(NULL AS ${type})`] : []),
    ...(defaultValue instanceof Utils.Literal ? [`SELECT (${String(defaultValue.val)}) WHERE false`] : []),
  ];
}

const SERIAL: Readonly<Record<string, string>> = {
  SMALLINT: 'smallserial',
  INTEGER: 'serial',
  INT: 'serial',
  SERIAL: 'serial',
  BIGINT: 'bigserial',
};

function defaultSql({ table, column, attributes: { defaultValue } }: ColumnDeclaration): string {
  if (defaultValue === undefined || isNull(defaultValue)) return '';
  if (defaultValue instanceof Utils.Literal) return ` DEFAULT ${String(defaultValue.val)}`;
  if (typeof defaultValue === 'function' || defaultValue instanceof Utils.SequelizeMethod) {
    throw new Error(
      `${table}.${column}: DataTypes.NOW, UUIDV4 and fn() are not defaults of the database. ` +
        "Write literal('CURRENT_TIMESTAMP') or literal('gen_random_uuid()').",
    );
  }
  const constant = typeof defaultValue === 'object' ? JSON.stringify(defaultValue) : String(defaultValue);
  return ` DEFAULT ${quoteLiteral(constant)}`;
}

/** Whether a default is null, which no type says and JavaScript may: the default of a column that has none. */
function isNull(value: unknown): boolean {
  return value === null;
}

/** A method of Sequelize 6 that its type declarations leave out. */
interface TypeNormalizer {
  normalizeDataType(type: DataType): { toSql(): string };
}

function hasTypeNormalizer(sequelize: object): sequelize is TypeNormalizer {
  return 'normalizeDataType' in sequelize && typeof sequelize.normalizeDataType === 'function';
}

/** The SQL of a type in the dialect of a Sequelize instance: `TIMESTAMP WITH TIME ZONE` for `DataTypes.DATE`. */
function dialectType(sequelize: Sequelize, type: DataType): string {
  if (typeof type === 'string') return type;
  if (!hasTypeNormalizer(sequelize)) {
    throw new Error('Sequelize 6 is needed: this version has no normalizeDataType.');
  }
  return sequelize.normalizeDataType(type).toSql();
}
