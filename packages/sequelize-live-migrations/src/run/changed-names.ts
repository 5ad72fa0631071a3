import type { Catalog, Table } from '../catalog';

/** The names of tables, and of what they have, that are not the same in two catalogs. */
export function changedNames(before: Catalog, after: Catalog): string[] {
  const names = new Set([...before.tables.keys(), ...after.tables.keys()]);
  const changed = [...names].flatMap((name) => {
    const [one, other] = [before, after].map(({ tables }) => partsOf(tables.get(name)));
    const parts = new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])]);
    return [...parts]
      .filter((part) => one?.get(part) !== other?.get(part))
      .map((part) => part.slice(part.indexOf(' ') + 1));
  });
  return [...new Set(changed)];
}

/** What a table has, by kind and name: without what is another one when it is made again, such as its file. */
function partsOf(table: Table | undefined): Map<string, string> {
  if (!table) return new Map();
  const { name, comment, primaryKey, columns, foreignKeys, indexes, constraints } = table;
  return new Map<string, string>([
    [`table ${name}`, JSON.stringify(primaryKey)],
    [`comment ${name}`, String(comment)],
    ...columns.map(
      (column) =>
        [
          `column ${column.name}`,
          JSON.stringify([
            column.type,
            column.notNull,
            column.default,
            column.serial,
            column.comment,
            column.generated,
          ]),
        ] as const,
    ),
    ...foreignKeys.map(
      (key) =>
        [
          `key ${key.name}`,
          JSON.stringify([key.columns, key.references, key.onUpdate, key.onDelete, key.valid]),
        ] as const,
    ),
    ...indexes.map(
      (index) =>
        [`index ${index.name}`, JSON.stringify([index.unique, index.definition, index.valid])] as const,
    ),
    ...constraints.map(
      (constraint) =>
        [
          `constraint ${constraint.name}`,
          JSON.stringify([constraint.type, constraint.definition, constraint.valid]),
        ] as const,
    ),
  ]);
}
