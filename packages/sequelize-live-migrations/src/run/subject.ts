import type { Subject } from '../catalog';
import { type Change, columnsOf, enumNamesOf, tablesOf } from '../vocabulary';

/** What some changes are about: all that has to be inspected to plan them. */
export function subjectOf(changes: readonly Change[], migrations: readonly string[] = []): Subject {
  const parents = changes.flatMap((change) =>
    Object.values(columnsOf(change)).flatMap(({ references }) => references?.model ?? []),
  );
  return {
    tables: [...new Set(changes.flatMap(tablesOf))],
    parents: [...new Set(parents)],
    enums: enumNamesOf(changes),
    migrations,
  };
}
