import type { IndexesOptions, Model, ModelAttributeColumnOptions, ModelStatic } from 'sequelize';
import {
  type AddUnique,
  type ColumnAttributes,
  type CreateTable,
  type IndexField,
  REFERENTIAL_ACTIONS,
  type ReferentialAction,
  Schema,
  uniqueName,
} from '../vocabulary';

/** What models declare of their tables, as the changes of a migration that would create these. */
export function declaredBy(models: readonly ModelStatic<Model>[]): readonly CreateTable[] {
  return models.flatMap((model) => {
    const schema = new Schema();
    const stored = Object.entries(model.getAttributes()).filter(([, { type }]) => !isVirtual(type));
    const columns = stored.map(
      ([name, attribute]) => [attribute.field ?? name, columnAttributes(attribute)] as const,
    );
    const indexes = (model.options.indexes ?? []).map(indexOf);
    const { comment } = model.options;
    schema.createTable(model.tableName, Object.fromEntries(columns), {
      indexes,
      ...(comment ? { comment } : {}),
    });
    const tables = schema.changes.filter((change) => change.kind === 'createTable');
    return tables.map((table) => ({ ...table, constraints: uniquesOf(model) }));
  });
}

/** The parts of an index that a migration can declare; the others, such as `concurrently`, are no part of it. */
function indexOf({ fields = [], name, unique = false, where, using, operator }: IndexesOptions) {
  return {
    fields: fields.map(fieldOf),
    unique,
    ...(name === undefined ? {} : { name }),
    ...(where === undefined ? {} : { where }),
    ...(using === undefined ? {} : { using }),
    ...(operator === undefined ? {} : { operator }),
  };
}

type DeclaredField = NonNullable<IndexesOptions['fields']>[number];

function fieldOf(field: DeclaredField): IndexField {
  if (typeof field === 'string' || !('name' in field)) return field;
  const { name, order, collate } = field;
  return { name, ...(order ? { order } : {}), ...(collate ? { collate } : {}) };
}

/** The unique constraints of a model: each by itself, and those that several attributes share by a name. */
function uniquesOf(model: ModelStatic<Model>): AddUnique[] {
  const keys: unknown = 'uniqueKeys' in model ? model.uniqueKeys : undefined;
  if (typeof keys !== 'object' || keys === null) return [];
  return Object.values(keys).flatMap((key: unknown) => {
    const fields = typeof key === 'object' && key !== null && 'fields' in key ? key.fields : undefined;
    if (!Array.isArray(fields)) return [];
    const columns = fields.map(String);
    const name = uniqueName(model.tableName, columns);
    return [{ kind: 'addConstraint', table: model.tableName, name, type: 'unique', fields: columns }];
  });
}

/** A VIRTUAL attribute has no column. */
function isVirtual(type: unknown): boolean {
  return typeof type === 'object' && type !== null && 'key' in type && type.key === 'VIRTUAL';
}

function columnAttributes(attribute: ModelAttributeColumnOptions): ColumnAttributes {
  const { type, allowNull = true, primaryKey = false, autoIncrement = false, references } = attribute;
  const onUpdate = actionNamed(attribute.onUpdate);
  const onDelete = actionNamed(attribute.onDelete);
  const defaultValue: unknown = attribute.defaultValue;
  return {
    type,
    allowNull,
    primaryKey,
    autoIncrement,
    ...(isOfDatabase(defaultValue) ? { defaultValue } : {}),
    ...(typeof references === 'object' && typeof references.model === 'string' && references.key
      ? { references: { model: references.model, key: references.key } }
      : {}),
    ...(attribute.comment ? { comment: attribute.comment } : {}),
    ...(onUpdate ? { onUpdate } : {}),
    ...(onDelete ? { onDelete } : {}),
  };
}

function actionNamed(name: string | undefined): ReferentialAction | undefined {
  return REFERENTIAL_ACTIONS.find((action) => action === name?.toUpperCase());
}

/** Whether a default is one of the database. Sequelize itself fills in those that are functions. */
function isOfDatabase(value: unknown): value is NonNullable<ColumnAttributes['defaultValue']> {
  if (typeof value === 'object' && value !== null) return !('key' in value && FILLED_IN.includes(value.key));
  return ['string', 'number', 'boolean'].includes(typeof value);
}

const FILLED_IN: readonly unknown[] = ['NOW', 'UUIDV1', 'UUIDV4'];
