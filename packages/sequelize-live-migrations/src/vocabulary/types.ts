import type { ColumnAttributes } from './columns';
import { enumLabelsOf } from './enums';
import { shown } from './shown';

/** @throws where a type is no text and none of Sequelize's, or is an enum without labels */
export function assertType(what: string, attributes: ColumnAttributes): void {
  const type: unknown = attributes.type;
  const key = keyOf(type);
  if (typeof type === 'string' ? type.trim() === '' : typeof key !== 'string') {
    throw new Error(`${what}: a type is expected, for instance DataTypes.TEXT, and not ${shown(type)}.`);
  }
  if ((typeof type === 'function' && key === 'ENUM') || enumLabelsOf(attributes)?.length === 0) {
    throw new Error(`${what}: an enum has labels: DataTypes.ENUM('cat', 'dog').`);
  }
}

function keyOf(type: unknown): unknown {
  const isObject = typeof type === 'function' || (typeof type === 'object' && type !== null);
  return isObject ? Reflect.get(type, 'key') : undefined;
}
