import { assertColumn, assertKnown, assertOneOf, assertRenamed } from './assertions';
import type { ChangeColumn, ConvertColumn, OverlapColumn, RenameColumn } from './changes';
import type { ColumnAttributes } from './columns';

// What can be done at once, or so that two columns overlap for a while. See docs/overlap.md.

export interface RenameOptions {
  /** Both names work, for the application's release before and for the one after: two columns, which triggers keep equal. */
  readonly overlap?: boolean;
}

export interface ChangeColumnOptions {
  /**
   * Only prepares the change to a type for which PostgreSQL would rewrite the table: a column of that type, which a trigger
   * keeps equal. A later `changeColumn` without it makes the change, briefly.
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
  assertRenamed('renameColumn', from, to);
  const kind = overlaps(`renameColumn of ${table}.${from}`, options) ? 'overlapColumn' : 'renameColumn';
  return { kind, table, from, to };
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
  if (!overlaps(what, options)) return { kind: 'changeColumn', table, column, attributes };
  assertKnown(`${what} with overlap`, attributes, ['type']);
  return { kind: 'convertColumn', table, column, type: attributes.type };
}

function overlaps(what: string, options: { readonly overlap?: boolean }): boolean {
  assertKnown(what, options, ['overlap']);
  assertOneOf(`${what}: overlap`, options.overlap ?? false, [true, false]);
  return options.overlap === true;
}
