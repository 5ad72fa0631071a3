import { type Query, quoteLiteral } from '../postgres';
import type { Catalog, Citus, Table } from './model';
import type { Origin } from './origin';

// Citus is asked about only where the database has it, so that nothing is sent for it to any other server.

/** What Citus knows of the tables of a schema. */
export async function readCitus(query: Query, schema: string): Promise<Citus> {
  const tables = await query<{ table: string; column: string | null; hasLocalRows: boolean }>(
    `SELECT c.relname AS table, pg_relation_size(c.oid) > 0 AS "hasLocalRows",
       CASE WHEN p.partmethod <> 'n' THEN column_to_column_name(p.logicalrelid, p.partkey) END AS column
     FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${quoteLiteral(schema)}`,
  );
  return {
    tables: new Set(tables.map(({ table }) => table)),
    // Not a reference table, nor one of a distributed schema.
    distributedBy: new Map(tables.flatMap(({ table, column }) => (column === null ? [] : [[table, column]]))),
    withLocalRows: new Set(tables.filter(({ hasLocalRows }) => hasLocalRows).map(({ table }) => table)),
  };
}

/** The columns by which tables are distributed, of the shadows: of a live table, and of one that is only to be created. */
export class Distribution {
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
