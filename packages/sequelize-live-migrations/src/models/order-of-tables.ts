import type { ForeignKey, Table } from '../catalog';

/** Tables in an order in which they can be created. */
interface OrderedTables {
  readonly tables: readonly Table[];
  /** The foreign keys to tables that are created later, because tables refer to each other in a circle. */
  readonly late: readonly { readonly table: Table; readonly key: ForeignKey }[];
}

/** Puts each table after those that it refers to, and otherwise leaves them in their order. */
export function inOrderOfKeys(tables: readonly Table[]): OrderedTables {
  const names = tables.map(({ name }) => name);
  const done: Table[] = [];
  const late: { table: Table; key: ForeignKey }[] = [];
  let waiting = [...tables];
  /** The keys of a table to others that are still to be created. */
  const open = ({ name, foreignKeys }: Table) =>
    foreignKeys.filter(
      ({ references: { table } }) =>
        table !== name && names.includes(table) && !done.some((other) => other.name === table),
    );
  while (waiting.length > 0) {
    const fewest = Math.min(...waiting.map((table) => open(table).length));
    const next = waiting
      .filter((table) => open(table).length === fewest)
      .slice(0, fewest === 0 ? undefined : 1);
    late.push(...next.flatMap((table) => open(table).map((key) => ({ table, key }))));
    done.push(...next);
    waiting = waiting.filter((table) => !next.includes(table));
  }
  return { tables: done, late };
}
