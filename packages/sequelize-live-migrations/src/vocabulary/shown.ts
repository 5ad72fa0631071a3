/**
 * What was given, for the text of an error. Never throws: JSON has no word for a symbol or a function, and throws a TypeError
 * for a bigint and for an object that contains itself.
 */
export function shown(value: unknown): string {
  if (typeof value === 'function') return value.name || 'a function';
  if (['symbol', 'bigint', 'undefined', 'number'].includes(typeof value)) return String(value);
  try {
    return JSON.stringify(value) || 'undefined';
  } catch {
    return 'an object that JSON cannot show';
  }
}
