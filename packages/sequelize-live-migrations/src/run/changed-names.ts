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

/** What a table has, by kind and name. */
function partsOf(table: Table | undefined): Map<string, string> {
  if (!table) return new Map();
  const { name, comment, primaryKey, columns, foreignKeys, indexes, constraints } = table;
  const kinds = { column: columns, key: foreignKeys, index: indexes, constraint: constraints };
  const parts = Object.entries(kinds).flatMap(([kind, all]) =>
    all.map((part) => [`${kind} ${part.name}`, JSON.stringify(part, compared)] as const),
  );
  return new Map([
    [`table ${name}`, JSON.stringify(primaryKey)],
    [`comment ${name}`, String(comment)],
    ...parts,
  ]);
}

/** Leaves out what is another one when the same is made again, and when a key is checked, which no migration declares. */
function compared(name: string, value: unknown): unknown {
  return NOT_COMPARED.includes(name) ? undefined : value;
}

const NOT_COMPARED = ['oid', 'number', 'file', 'isStored', 'views', 'deferrable'];
