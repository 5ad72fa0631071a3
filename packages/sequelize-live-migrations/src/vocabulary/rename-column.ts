import { assertKnown, assertName, assertOneOf } from './assertions';
import type { OverlapColumn, RenameColumn } from './changes';

export interface RenameOptions {
  /**
   * Both names work, for the application's release before and for the one after: two columns, which triggers keep equal.
   * See docs/overlap.md.
   */
  readonly overlap?: boolean;
}

/** @throws where an option is not known */
export function renameColumnOf(
  table: string,
  from: string,
  to: string,
  options: RenameOptions,
): RenameColumn | OverlapColumn {
  [from, to].forEach((name) => assertName('renameColumn', name));
  const what = `renameColumn of ${table}.${from}`;
  assertKnown(what, options, ['overlap']);
  assertOneOf(`${what}: overlap`, options.overlap ?? false, [true, false]);
  return { kind: options.overlap ? 'overlapColumn' : 'renameColumn', table, from, to };
}
