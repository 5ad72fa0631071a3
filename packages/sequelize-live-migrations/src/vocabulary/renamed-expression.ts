import { Utils } from 'sequelize';
import { withColumnRenamed, withLabelRenamed } from '../postgres';
import type { RenameColumn, RenameEnumValue } from './changes';

/**
 * `literal('…')`, `fn(…)`, `col('…')` or the like, in which a column has another name, or a label. Anything else is what it
 * was.
 *
 * @param isValueOf whether it is a value of the column whose label has another name
 */
export function renamedExpression<T>(value: T, rename: RenameColumn | RenameEnumValue, isValueOf: boolean): T;
export function renamedExpression(
  value: unknown,
  rename: RenameColumn | RenameEnumValue,
  isValueOf: boolean,
): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => renamedExpression(one, rename, isValueOf));
  if (!(value instanceof Utils.SequelizeMethod)) return value;
  if (value instanceof Utils.Col)
    return rename.kind === 'renameColumn' && value.col === rename.from ? new Utils.Col(rename.to) : value;
  if (value instanceof Utils.Literal) {
    if (typeof value.val !== 'string') return value;
    const { from, to } = rename;
    return new Utils.Literal(
      rename.kind === 'renameColumn'
        ? withColumnRenamed(value.val, from, to)
        : withLabelRenamed(value.val, rename, isValueOf),
    );
  }
  const copy = new Utils.SequelizeMethod();
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(value)); // of the same kind, whatever its constructor takes
  for (const key of Reflect.ownKeys(value))
    Reflect.set(copy, key, renamedExpression<unknown>(Reflect.get(value, key), rename, isValueOf));
  return copy;
}
