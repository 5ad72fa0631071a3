import type { Subject } from '../catalog';
import {
  type Change,
  columnsOf,
  enumNamesOf,
  forwardOf,
  isForeignKey,
  tablesOf,
  schemaOf,
} from '../vocabulary';

/** What some changes are about: all that has to be inspected to plan them. */
export function subjectOf(changes: readonly Change[], migrations: readonly string[] = []): Subject {
  const columns = changes.flatMap(columnsOf);
  const parents = [
    ...columns.flatMap(({ attributes }) => attributes.references?.model ?? []),
    ...changes
      .map(forwardOf)
      .filter(isForeignKey)
      .map(({ references }) => references.table),
  ];
  const schema = schemaOf(changes);
  return {
    ...(schema === undefined ? {} : { schema }),
    tables: [...new Set(changes.flatMap(tablesOf))],
    parents: [...new Set(parents)],
    enums: enumNamesOf(changes),
    migrations,
  };
}
