import { Utils, type DataType, type Sequelize } from 'sequelize';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import { type ColumnAttributes, enumNameOf } from '../vocabulary';

/** A column as a change declares it. */
export interface ColumnDeclaration {
  readonly table: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
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
  return attributes.autoIncrement ? `${SERIAL_PREFIX[sql] ?? ''}serial` : sql;
}

/**
 * A statement that fails where a type, given as text, is more than a type: `integer CHECK (age > 0)` would be a column
 * and a constraint, of which the second is lost.
 */
export function assertTypeSql({ attributes: { type } }: ColumnDeclaration): string[] {
  if (typeof type !== 'string' || /^(small|big)?serial$/i.test(type)) return [];
  return [`SELECT CAST(NULL AS ${type})`];
}

const SERIAL_PREFIX: Readonly<Record<string, string>> = { BIGINT: 'big', SMALLINT: 'small' };

function defaultSql({ table, column, attributes: { defaultValue } }: ColumnDeclaration): string {
  if (defaultValue === undefined) return '';
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
