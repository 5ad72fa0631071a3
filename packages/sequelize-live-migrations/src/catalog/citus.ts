import type { Citus } from '../place';
import type { Catalog, Table } from './model';
import type { Origin } from './origin';

/** The columns by which tables are distributed, of the shadows: of a live table, and of one that is only to be created. */
export class DistributionColumns {
  private readonly ofNew = new Map<string, string>();

  constructor(
    private readonly citus: Citus | undefined,
    private readonly originOf: (shadow: Table) => Origin | undefined,
  ) {}

  /** Notes which tables are created distributed. */
  note({ tables }: Catalog): void {
    for (const table of tables.values())
      if (table.distributedBy !== undefined && !this.originOf(table))
        this.ofNew.set(table.name, table.distributedBy);
  }

  /** Shadows with these columns, under the names that they have there. */
  of(shadows: Catalog): Catalog {
    if (!this.citus) return shadows;
    const tables = [...shadows.tables].map(([name, table]) => [name, this.withColumn(table)] as const);
    return { ...shadows, tables: new Map(tables) };
  }

  private withColumn(shadow: Table): Table {
    const origin = this.originOf(shadow);
    const live = origin && this.citus?.distributedBy.get(origin.table);
    const column = origin
      ? shadow.columns.find(({ number }) => live !== undefined && origin.columns.get(number) === live)?.name
      : this.ofNew.get(shadow.name);
    return column === undefined ? shadow : { ...shadow, distributedBy: column };
  }
}
