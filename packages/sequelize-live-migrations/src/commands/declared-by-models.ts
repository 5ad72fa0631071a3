import type { Model, ModelAttributeColumnOptions, ModelStatic } from 'sequelize';
import {
  type ColumnAttributes,
  type CreateTable,
  REFERENTIAL_ACTIONS,
  type ReferentialAction,
  Schema,
} from '../vocabulary';

/** What models declare of their tables, as the changes of a migration that would create these. */
export function declaredBy(models: readonly ModelStatic<Model>[]): readonly CreateTable[] {
  const schema = new Schema();
  for (const model of models) {
    const stored = Object.entries(model.getAttributes()).filter(([, { type }]) => !isVirtual(type));
    const columns = stored.map(
      ([name, attribute]) => [attribute.field ?? name, columnAttributes(attribute)] as const,
    );
    const indexes = (model.options.indexes ?? []).map(({ fields = [], name, unique = false }) => ({
      fields: fields.map(String),
      unique,
      ...(name === undefined ? {} : { name }),
    }));
    const { comment } = model.options;
    schema.createTable(model.tableName, Object.fromEntries(columns), {
      indexes,
      ...(comment ? { comment } : {}),
    });
  }
  return schema.changes.filter((change) => change.kind === 'createTable');
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
