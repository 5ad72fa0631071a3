import { assertColumn, assertKnown, assertOneOf } from './assertions';
import type { ChangeColumn, ConvertColumn } from './changes';
import type { ColumnAttributes } from './columns';

export interface ChangeColumnOptions {
  /**
   * Only prepares the change to a type for which PostgreSQL would rewrite the table: a column of that type, which a trigger
   * keeps equal. A later `changeColumn` without it makes the change, briefly. See docs/overlap.md.
   */
  readonly overlap?: boolean;
}

/** @throws where an attribute or an option is not known, or where something else than the type is to overlap */
export function changeColumnOf(
  table: string,
  column: string,
  attributes: ColumnAttributes,
  options: ChangeColumnOptions,
): ChangeColumn | ConvertColumn {
  assertColumn('changeColumn', table, column, attributes);
  const what = `changeColumn of ${table}.${column}`;
  assertKnown(what, options, ['overlap']);
  assertOneOf(`${what}: overlap`, options.overlap ?? false, [true, false]);
  if (!options.overlap) return { kind: 'changeColumn', table, column, attributes };
  assertKnown(`${what} with overlap`, attributes, ['type']);
  return { kind: 'convertColumn', table, column, type: attributes.type };
}
