// What JavaScript may give in the place of a value.

/**
 * Whether a value is an object that was written as such, also in another context of `node:vm`, which has an `Object` of its
 * own: no date, no array, and nothing of Sequelize's.
 */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Reflect.getPrototypeOf(value);
  return prototype !== null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** Whether a value is a date, which an invalid one is not; also one of another context. */
export function isDate(value: unknown): boolean {
  const isOne = Object.prototype.toString.call(value) === '[object Date]';
  return isOne && !Number.isNaN(Number(value));
}

/**
 * Whether a value, or one in it, is undefined, or contains itself: then it has no end.
 *
 * @param around the values in which it is
 */
export function hasUndefined(value: unknown, around: readonly unknown[] = []): boolean {
  if (value === undefined || around.includes(value)) return true;
  if (!Array.isArray(value) && !isPlain(value)) return false;
  return Reflect.ownKeys(value).some((key) => hasUndefined(Reflect.get(value, key), [...around, value]));
}

/** Whether a value is null, which no type says and JavaScript may. */
export function isNull(value: unknown): boolean {
  return value === null;
}
