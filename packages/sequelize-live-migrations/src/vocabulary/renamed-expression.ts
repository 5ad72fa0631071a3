import { Utils } from 'sequelize';
import { withColumnRenamed } from '../postgres';

/** `literal('…')`, `fn(…)`, `col('…')` or the like, in which a column has another name. Anything else is what it was. */
export function renamedExpression<T>(value: T, from: string, to: string): T;
export function renamedExpression(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => renamedExpression(one, from, to));
  if (!(value instanceof Utils.SequelizeMethod)) return value;
  if (value instanceof Utils.Col) return value.col === from ? new Utils.Col(to) : value;
  if (value instanceof Utils.Literal)
    return typeof value.val === 'string' ? new Utils.Literal(withColumnRenamed(value.val, from, to)) : value;
  const copy = new Utils.SequelizeMethod();
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(value)); // of the same kind, whatever its constructor takes
  for (const key of Reflect.ownKeys(value))
    Reflect.set(copy, key, renamedExpression<unknown>(Reflect.get(value, key), from, to));
  return copy;
}
