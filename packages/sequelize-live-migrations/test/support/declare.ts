import type { Schema } from '../../src/vocabulary';

/** Declares something as a JavaScript migration may, which no compiler has checked. */
export function declare(method: string, ...args: readonly unknown[]) {
  return (schema: Schema) => {
    const found: unknown = Reflect.get(schema, method);
    if (typeof found !== 'function') throw new Error(`There is no method ${method}.`);
    Reflect.apply(found, schema, args);
  };
}
