import type { Rename } from './changes';
import { renamedExpression } from './renamed-expression';
import type { Condition } from './rows';
import { isPlain } from './values';

/** A condition in which a column, or a label of its enum type, has another name. */
export function renamedCondition<Where extends Condition>(where: Where, rename: Rename): Where;
export function renamedCondition(where: unknown, rename: Rename): unknown {
  return renamedValue(where, rename);
}

/** Renames in a copy of the condition, key by key, so that their order stays. */
function renameIn(copy: object, rename: Rename): void {
  for (const key of Reflect.ownKeys(copy)) {
    const value: unknown = Reflect.get(copy, key);
    Reflect.deleteProperty(copy, key);
    const isColumn = rename.kind === 'renameColumn' && key === rename.from;
    const isLabelled = rename.kind === 'renameEnumValue' && key === rename.column;
    const renamed = isLabelled ? withLabel(value, rename.from, rename.to) : renamedValue(value, rename);
    Reflect.set(copy, isColumn ? rename.to : key, renamed);
  }
}

/**
 * A value that is an expression, of which a column, or a label of its enum type, has another name.
 *
 * @param column the one of which it is a value, if it is of any
 */
export function inExpression<T>(value: T, rename: Rename, column?: string): T {
  if (rename.kind !== 'renameColumn' && rename.kind !== 'renameEnumValue') return value;
  return renamedExpression(value, rename, rename.kind === 'renameEnumValue' && rename.column === column);
}

function renamedValue(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((one) => renamedValue(one, rename));
  if (!isPlain(value)) return inExpression(value, rename);
  const copy = { ...value };
  renameIn(copy, rename);
  return copy;
}

/** A value, or values, of a column, of which one label has another name. */
function withLabel(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((one) => withLabel(one, from, to));
  if (!isPlain(value)) return value;
  const copy = { ...value };
  for (const key of Reflect.ownKeys(copy))
    Reflect.set(copy, key, withLabel(Reflect.get(copy, key), from, to));
  return copy;
}
