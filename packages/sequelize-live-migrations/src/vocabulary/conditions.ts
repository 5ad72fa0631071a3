import { Op, Utils } from 'sequelize';
import { hasUndefined, isDate, isPlain } from './values';

/**
 * @throws where a condition is none, or a part of it is none or has no value: an index would be over all rows, a check one
 *   that every row passes, and a deletion one of all rows
 */
export function assertCondition(what: string, where: unknown): void {
  if (!hasUndefined(where) && isCondition(where)) return;
  throw new Error(`${what}: where is a condition with all its values: { age: 1 }, or literal('age > 0').`);
}

/** What combines conditions; under a column, the same combine what this is compared with. */
const COMBINING: readonly unknown[] = [Op.and, Op.or, Op.not];

function isCondition(where: unknown): boolean {
  if (where instanceof Utils.SequelizeMethod) return true;
  if (Array.isArray(where)) return where.length > 0 && where.every(isCondition);
  if (!isPlain(where)) return false;
  const keys = Reflect.ownKeys(where);
  return keys.length > 0 && keys.every((key) => isPart(key, Reflect.get(where, key)));
}

function isPart(key: string | symbol, value: unknown): boolean {
  return COMBINING.includes(key) ? isCondition(value) : isComparable(value);
}

/** Whether a value, and each one in it, is something with which a column can be compared. */
function isComparable(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isComparable);
  if (isPlain(value)) return Reflect.ownKeys(value).every((key) => isComparable(Reflect.get(value, key)));
  if (typeof value !== 'object' || value === null) return !['function', 'symbol'].includes(typeof value);
  return value instanceof Utils.SequelizeMethod || Buffer.isBuffer(value) || isDate(value);
}
