import type { DataType, Sequelize } from 'sequelize';
import { quoteIdentifier, quoteIdentifiers } from '../../postgres';
import type { AddConstraint, AddIndex, Condition, IndexField, IndexOptions } from '../../vocabulary';

// What Sequelize itself can write: the SQL of types, of indexes and constraints, with their conditions, and of values.

/** `ALTER TABLE "pets" ADD CONSTRAINT …` for the constraint that is declared. */
export function declaredConstraintSql(sequelize: Sequelize, change: AddConstraint): string {
  const { table, name, type } = change;
  assertWritable([table, ...(change.type === 'check' ? [] : change.fields)]);
  const options = { type, name: NAME, ...constraintOptions(change) };
  return named(generatorOf(sequelize).addConstraintQuery({ tableName: table }, options), name);
}

/** Stands for a name: Sequelize takes a dot in one for the end of a schema's, and leaves out the quotes. */
const NAME = 'the name that is declared';

/** @throws where Sequelize would write another name */
function assertWritable(names: readonly unknown[]): void {
  const name = names.find((one): one is string => typeof one === 'string' && one.includes('"'));
  if (name === undefined) return;
  throw new Error(
    `Sequelize leaves out the quotation marks of a name, such as ${name}. Nothing of this migration was done. ` +
      'Declare this as SQL: schema.sql({ up: … }).',
  );
}

function named(sql: string, name: string): string {
  return sql.replace(quoteIdentifier(NAME), () => quoteIdentifier(name));
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
  assertWritable([table, ...fields.map((field) => (isNamed(field) ? field.name : field))]);
  const generate = (condition: Pick<IndexOptions, 'where'>) =>
    generatorOf(sequelize)
      .addIndexQuery(
        { tableName: table }, // as an object, or a dot in the name would be taken for the end of a schema's
        { ...rest, ...condition, name: NAME, fields: [...fields] },
        {},
        table,
      )
      .replace(/;$/, '');
  const index = generate({});
  const condition = where === undefined ? '' : generate({ where }).slice(index.length);
  const included = include.length > 0 ? ` INCLUDE (${quoteIdentifiers(include)})` : '';
  return named(index, name) + included + condition;
}

function isNamed(field: IndexField): field is Extract<IndexField, { readonly name: string }> {
  return typeof field === 'object' && 'name' in field;
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
