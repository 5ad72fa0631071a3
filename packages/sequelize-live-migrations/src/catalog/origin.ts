import type { Table } from './model';

/** The names that a live table and its columns had when the shadow was made, the columns by their number in that. */
export interface Origin {
  readonly table: string;
  readonly columns: ReadonlyMap<number, string>;
}

/** The origin of a shadow, for another one with the same columns. */
export function movedOrigin({ table, columns }: Origin, from: Table, to: Table): Origin {
  const moved = to.columns.flatMap(({ name, number }) => {
    const was = columns.get(from.columns.find((column) => column.name === name)?.number ?? 0);
    return was === undefined ? [] : [[number, was] as const];
  });
  return { table, columns: new Map(moved) };
}
