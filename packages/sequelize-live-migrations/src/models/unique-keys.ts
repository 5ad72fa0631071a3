import type { Model, ModelStatic } from 'sequelize';
import { type AddUnique, uniqueColumnName } from '../vocabulary';

/**
 * The unique constraints of a model, under the names that PostgreSQL gives those of `sync()`. Not one on the columns of the
 * primary key, as of a join table that has a model: of the two, `CREATE TABLE` makes only the key.
 */
export function uniquesOfModel(model: ModelStatic<Model>): AddUnique[] {
  const keys = uniqueKeysOf(model).filter((columns) => columns.join() !== keyOf(model));
  return keys.map((fields) => {
    const name = uniqueColumnName(model.tableName, fields.join('_'));
    return { kind: 'addConstraint', table: model.tableName, name, type: 'unique', fields };
  });
}

/**
 * The columns of each unique key. Keys among the options of a model are in place of those that Sequelize has made of its
 * attributes, but for an attribute that is unique by itself (Sequelize 6, `QueryInterface.createTable`).
 */
function uniqueKeysOf(model: ModelStatic<Model>): string[][] {
  const ofOptions: unknown = Reflect.get(model.options, 'uniqueKeys');
  const keys: unknown = ofOptions ?? Reflect.get(model, 'uniqueKeys');
  if (typeof keys !== 'object' || keys === null) return [];
  const columns = Object.values(keys).flatMap((key: unknown) => {
    const { fields, customIndex = true }: { fields?: unknown; customIndex?: unknown } = isObject(key)
      ? key
      : {};
    const isMade = ofOptions === undefined || customIndex !== false;
    return Array.isArray(fields) && isMade ? [fields.map(String)] : [];
  });
  const inline = Object.entries(model.getAttributes()).flatMap(([name, { unique, field }]) =>
    unique === true ? [[field ?? name]] : [],
  );
  const isIn = (fields: readonly string[]) => columns.some((others) => others.join() === fields.join());
  return [...columns, ...inline.filter((fields) => !isIn(fields))];
}

/** The columns of the primary key of a model, joined by commas. */
function keyOf(model: ModelStatic<Model>): string {
  const keys = Object.entries(model.getAttributes()).filter(([, { primaryKey }]) => primaryKey);
  return keys.map(([name, { field }]) => field ?? name).join();
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
