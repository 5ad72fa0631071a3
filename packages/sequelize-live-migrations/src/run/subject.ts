import type { Subject } from '../catalog';
import { type Change, enumNamesOf, forwardOf, parentsOf, schemaOf, tablesOf } from '../vocabulary';

/**
 * What some changes are about: all that has to be inspected to plan them.
 *
 * @param earlier the changes of the migrations before them
 */
export function subjectOf(
  changes: readonly Change[],
  migrations: readonly string[] = [],
  earlier: readonly Change[] = [],
): Subject {
  const schema = schemaOf(changes);
  return {
    ...(schema === undefined ? {} : { schema }),
    tables: [...new Set(changes.flatMap(tablesOf))],
    parents: [...new Set(changes.flatMap(parentsOf))],
    referred: [...new Set(tablesConverted(changes, [...earlier, ...changes]))],
    enums: enumNamesOf(changes),
    migrations,
  };
}

/** The tables of which a column is converted to another type, with the foreign keys that refer to it. */
function tablesConverted(changes: readonly Change[], all: readonly Change[]): string[] {
  const forward = changes.map(forwardOf);
  const converted = all
    .map(forwardOf)
    .flatMap((change) => (change.kind === 'convertColumn' ? [change.column] : []));
  return forward.flatMap((change) => {
    const isOfColumn = change.kind === 'convertColumn' || change.kind === 'changeColumn';
    return isOfColumn && converted.includes(change.column) ? [change.table] : [];
  });
}
