import {
  literal,
  type IndexesOptions,
  type Model,
  type ModelAttributeColumnOptions,
  type ModelStatic,
} from 'sequelize';
import { declaredValueSql } from '../plan';
import {
  type ColumnAttributes,
  type CreateTable,
  cutName,
  type IndexField,
  REFERENTIAL_ACTIONS,
  type ReferentialAction,
  Schema,
  type TableName,
} from '../vocabulary';
import { type Home, seenFrom } from './home';
import { uniquesOfModel } from './unique-keys';

/**
 * What models declare of their tables, as the changes of a migration that would create these: the same tables as
 * Sequelize's `sync()` creates. Models of one table declare it together.
 *
 * @param home the schema of the tables whose models name none, or name that one
 */
export function declaredBy(models: readonly ModelStatic<Model>[], home: Home): readonly CreateTable[] {
  const tables = new Map<string, CreateTable>();
  for (const declared of models.flatMap((model) => tableOf(model, home))) {
    const name = JSON.stringify([declared.schema, declared.table]);
    const other = tables.get(name);
    tables.set(name, other ? merged(other, declared) : declared);
  }
  return [...tables.values()];
}

function tableOf(model: ModelStatic<Model>, home: Home): CreateTable[] {
  const schema = new Schema();
  const stored = Object.entries(model.getAttributes()).filter(([, { type }]) => !isVirtual(type));
  const columns = stored.map(
    ([name, attribute]) => [attribute.field ?? name, columnAttributes(model, attribute, home)] as const,
  );
  const { comment } = model.options;
  schema.createTable(nameOf(model, home), Object.fromEntries(columns), {
    indexes: indexesOf(model).map(indexOf),
    ...(comment ? { comment } : {}),
  });
  const tables = schema.changes.filter((change) => change.kind === 'createTable');
  return tables.map((table) => ({ ...table, constraints: uniquesOfModel(model) }));
}

/** The schema of its table; undefined for that of the migration log. */
export function schemaOfModel(model: ModelStatic<Model>, home: Home): string | undefined {
  const schema = schemaIn(model.getTableName()) ?? home.schema;
  return schema === home.schema ? undefined : schema;
}

/** The name of its table, with the schema where the model declares another one than that of the migration log. */
function nameOf(model: ModelStatic<Model>, home: Home): TableName {
  const schema = schemaOfModel(model, home);
  return schema === undefined ? model.tableName : { tableName: model.tableName, schema };
}

/** The schema of a table as Sequelize names it; undefined where it is in the first of the search_path. */
function schemaIn(table: unknown): string | undefined {
  const schema = typeof table === 'object' && table !== null && 'schema' in table ? table.schema : undefined;
  return typeof schema === 'string' && schema !== '' ? schema : undefined;
}

/** Tables by their schemas, in the order in which these come. */
export function tablesBySchema(tables: readonly CreateTable[]): CreateTable[][] {
  const schemas = new Set(tables.map(({ schema }) => schema));
  return [...schemas].map((schema) => tables.filter((table) => table.schema === schema));
}

function merged(table: CreateTable, other: CreateTable): CreateTable {
  const more = <T extends { readonly name: string }>(all: readonly T[], others: readonly T[]) => [
    ...all,
    ...others.filter(({ name }) => !all.some((known) => known.name === name)),
  ];
  // The key is that of the first: Sequelize makes a key of both columns in a join table that it defines by itself.
  const others = Object.entries(other.attributes).map(
    ([name, attributes]) => [name, { ...attributes, primaryKey: false }] as const,
  );
  return {
    ...table,
    attributes: { ...Object.fromEntries(others), ...table.attributes },
    indexes: more(table.indexes, other.indexes),
    constraints: more(table.constraints, other.constraints),
  };
}

/** The indexes of a model, also those that Sequelize has made of its attributes, each with the name that it gives it. */
function indexesOf(model: ModelStatic<Model>): readonly IndexesOptions[] {
  const indexes: unknown = Reflect.get(model, '_indexes');
  return Array.isArray(indexes) ? indexes : (model.options.indexes ?? []);
}

/** The parts of an index that a migration can declare; the others, such as `concurrently`, are no part of it. */
function indexOf({ fields = [], name, unique = false, where, using, operator }: IndexesOptions) {
  return {
    fields: fields.map(fieldOf),
    unique,
    ...(name === undefined ? {} : { name: cutName(name) }),
    ...(where === undefined ? {} : { where }),
    ...(using === undefined ? {} : { using }),
    ...(operator === undefined ? {} : { operator }),
  };
}

type DeclaredField = NonNullable<IndexesOptions['fields']>[number] | { readonly attribute: string };

function fieldOf(field: DeclaredField): IndexField {
  if (typeof field === 'string') return field;
  if ('attribute' in field) return fieldOf({ ...field, name: field.attribute });
  if (!('name' in field)) return field;
  const { name, order, collate, operator } = field;
  return {
    name,
    ...(order ? { order } : {}),
    ...(collate ? { collate } : {}),
    ...(operator ? { operator } : {}),
  };
}

/** A VIRTUAL attribute has no column. */
function isVirtual(type: unknown): boolean {
  return typeof type === 'object' && type !== null && 'key' in type && type.key === 'VIRTUAL';
}

function columnAttributes(
  model: ModelStatic<Model>,
  attribute: ModelAttributeColumnOptions,
  home: Home,
): ColumnAttributes {
  const { type, allowNull = true, primaryKey = false, autoIncrement = false, comment } = attribute;
  const onUpdate = actionNamed(attribute.onUpdate);
  const onDelete = actionNamed(attribute.onDelete);
  const references = referencesOf(model, attribute, home);
  const defaultValue = defaultOf(model, attribute);
  return {
    type,
    allowNull,
    primaryKey,
    autoIncrement,
    ...(autoIncrement && attribute.autoIncrementIdentity ? { autoIncrementIdentity: true } : {}),
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(comment ? { comment } : {}),
    ...(references ? { references } : {}),
    ...(references && onUpdate ? { onUpdate } : {}),
    ...(references && onDelete ? { onDelete } : {}),
  };
}

/** What an attribute refers to, whether it was written there or made by an association. */
function referencesOf(
  model: ModelStatic<Model>,
  { references }: ModelAttributeColumnOptions,
  home: Home,
): ColumnAttributes['references'] {
  if (typeof references !== 'object') return undefined; // Sequelize 6 makes nothing of a text, though its types allow it
  const { model: parent = '', key = 'id' } = references;
  const own = schemaIn(model.getTableName()) ?? home.schema;
  const table: unknown = typeof parent === 'string' ? parent : Reflect.get(parent, 'tableName');
  if (typeof table !== 'string') return undefined;
  const schema = typeof parent === 'string' ? schemaNamed(model, table, home) : schemaIn(tableNameOf(parent));
  return { model: seenFrom(own, { schema: schema ?? home.schema, table }, home), key };
}

/**
 * The schema of a table that a model refers to by its name alone: that of the model, as `sync()` takes it (Sequelize 6,
 * `PostgresQueryGenerator.attributeToSQL`); but an association, too, names a table of no schema by its name alone.
 */
function schemaNamed(model: ModelStatic<Model>, table: string, home: Home): string | undefined {
  const own = schemaIn(model.getTableName());
  const schemas = Object.values(model.sequelize?.models ?? {})
    .filter(({ tableName }) => tableName === table)
    .map((other) => schemaIn(other.getTableName()) ?? home.schema);
  return schemas.includes(own ?? home.schema) || !schemas.includes(home.schema) ? own : undefined;
}

/** A table as Sequelize names it, of a model or as it is. */
function tableNameOf(parent: object): unknown {
  const getTableName: unknown = Reflect.get(parent, 'getTableName');
  return typeof getTableName === 'function' ? Reflect.apply(getTableName, parent, []) : parent;
}

function actionNamed(name: string | undefined): ReferentialAction | undefined {
  return REFERENTIAL_ACTIONS.find((action) => action === name?.toUpperCase());
}

/**
 * The default of a column, as Sequelize itself writes it for `sync()`; undefined where the database has none, because
 * Sequelize fills the value in.
 */
function defaultOf(model: ModelStatic<Model>, attribute: ModelAttributeColumnOptions) {
  const value: unknown = attribute.defaultValue;
  if (value === null || !isOfDatabase(value)) return undefined;
  return model.sequelize && literal(declaredValueSql(model.sequelize, value, attribute));
}

/** Whether a default is one of the database (Sequelize 6, `Utils.defaultValueSchemable`, which is not typed). */
function isOfDatabase(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return !('key' in value && FILLED_IN.includes(value.key));
  return value !== undefined && typeof value !== 'function';
}

const FILLED_IN: readonly unknown[] = ['NOW', 'UUIDV1', 'UUIDV4'];
