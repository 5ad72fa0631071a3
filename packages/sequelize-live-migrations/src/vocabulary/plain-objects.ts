/** Whether a value is an object that was written as such: no date, no array, and nothing of Sequelize's. */
export function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Reflect.getPrototypeOf(value) === Object.prototype;
}
