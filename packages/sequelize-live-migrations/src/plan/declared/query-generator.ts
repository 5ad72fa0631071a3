import type { DataType, Sequelize } from 'sequelize';
import { quoteIdentifiers } from '../../postgres';
import type { AddConstraint, AddIndex, Condition, IndexOptions } from '../../vocabulary';

// What Sequelize itself can write: the SQL of types, of indexes and constraints, with their conditions, and of values.

/** `ALTER TABLE "pets" ADD CONSTRAINT …` for the constraint that is declared. */
export function declaredConstraintSql(sequelize: Sequelize, change: AddConstraint): string {
  const { table, name, type } = change;
  return generatorOf(sequelize).addConstraintQuery(
    { tableName: table },
    { type, name, ...constraintOptions(change) },
  );
}

function constraintOptions(change: AddConstraint): object {
  if (change.type === 'check') return { fields: [], where: change.where };
  const fields = [...change.fields];
  if (change.type === 'unique') return { fields };
  const { references, onUpdate, onDelete } = change;
  const parent = { table: { tableName: references.table }, fields: references.fields };
  return { fields, references: parent, onUpdate, onDelete };
}

/** `CREATE INDEX …` for the index that is declared. */
export function declaredIndexSql(sequelize: Sequelize, { table, name, fields, options }: AddIndex): string {
  const { include = [], where, ...rest } = options;
  const generate = (condition: Pick<IndexOptions, 'where'>) =>
    generatorOf(sequelize)
      .addIndexQuery(
        { tableName: table }, // as an object, or a dot in the name would be taken for the end of a schema's
        { ...rest, ...condition, name, fields: [...fields] },
        {},
        table,
      )
      .replace(/;$/, '');
  const index = generate({});
  const condition = where === undefined ? '' : generate({ where }).slice(index.length);
  const included = include.length > 0 ? ` INCLUDE (${quoteIdentifiers(include)})` : '';
  return index + included + condition;
}

/** A type in the dialect of PostgreSQL: `TIMESTAMP WITH TIME ZONE` for `DataTypes.DATE`. */
export function declaredTypeSql(sequelize: Sequelize, type: DataType): string {
  if (typeof type === 'string') return type;
  if (hasTypeNormalizer(sequelize)) return sequelize.normalizeDataType(type).toSql();
  throw new Error('Sequelize 6 is needed: this version has no normalizeDataType.');
}

/**
 * A value, or an expression, as SQL.
 *
 * @param attribute the attribute of a model of which it is a value
 */
export function declaredValueSql(sequelize: Sequelize, value: unknown, attribute?: object): string {
  return generatorOf(sequelize).escape(value, attribute);
}

/** A condition as SQL, without `WHERE`. Empty where it says nothing. */
export function declaredConditionSql(sequelize: Sequelize, where: Condition): string {
  return generatorOf(sequelize).getWhereConditions(where);
}

/** A method of Sequelize 6 that its type declarations leave out. */
interface TypeNormalizer {
  normalizeDataType(type: DataType): { toSql(): string };
}

function hasTypeNormalizer(sequelize: object): sequelize is TypeNormalizer {
  return 'normalizeDataType' in sequelize && typeof sequelize.normalizeDataType === 'function';
}

/** The same of its query generator. */
interface QueryGenerator {
  addIndexQuery(
    table: { readonly tableName: string },
    options: object,
    rest: object,
    rawTable: string,
  ): string;
  addConstraintQuery(table: { readonly tableName: string }, options: object): string;
  escape(value: unknown, attribute?: object): string;
  getWhereConditions(where: unknown): string;
}

const METHODS = ['addIndexQuery', 'addConstraintQuery', 'escape', 'getWhereConditions'];

function isQueryGenerator(generator: unknown): generator is QueryGenerator {
  return typeof generator === 'object' && generator !== null && METHODS.every((name) => name in generator);
}

function generatorOf(sequelize: Sequelize): QueryGenerator {
  const { queryGenerator } = sequelize.getQueryInterface();
  if (isQueryGenerator(queryGenerator)) return queryGenerator;
  throw new Error('Sequelize 6 is needed: this version has no query generator.');
}
