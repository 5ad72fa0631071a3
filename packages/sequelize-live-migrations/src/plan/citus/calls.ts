import type { ForeignKey, Table } from '../../catalog';
import type { Place } from '../../place';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral, quoteQualified } from '../../postgres';

// Citus stores the rows of a distributed table on several nodes, by the value of one column. What has to be unique is so
// only together with that column, and only tables that are distributed by the same values can refer to each other.

/** How a new table is to be distributed. */
export interface Distribution {
  readonly column: string;
  /** The table whose rows of the same values are on the same nodes. */
  readonly together: string | undefined;
}

/** A new table as Citus accepts it: with the column in its primary key, and no other action where that is updated. */
export function distributable(table: Table, { column }: Distribution): Table {
  const { primaryKey } = table;
  const columns = [column, ...(primaryKey?.columns ?? []).filter((name) => name !== column)];
  const isComplete = primaryKey === null || primaryKey.columns.includes(column);
  return {
    ...table,
    distributedBy: column,
    primaryKey: isComplete ? primaryKey : { ...primaryKey, columns },
    foreignKeys: table.foreignKeys.map((key) => distributableKey(key, column)),
  };
}

/** A foreign key as Citus accepts it. No update changes the column, so it makes no difference. */
export function distributableKey(key: ForeignKey, column: string | undefined): ForeignKey {
  return key.columns.some((name) => name === column) ? { ...key, onUpdate: 'NO ACTION' } : key;
}

/** The statements that distribute a table which is there. */
export function callsFor(place: Place, table: Table, column: string, together: string | undefined): string {
  const { primaryKey } = distributable(table, { column, together });
  const name = quoteIdentifier(table.name);
  const isKeyChanged = primaryKey !== null && primaryKey !== table.primaryKey;
  const key = isKeyChanged
    ? [
        `ALTER TABLE ${name} DROP CONSTRAINT ${quoteIdentifier(primaryKey.name)}, ADD PRIMARY KEY (${quoteIdentifiers(primaryKey.columns)})`,
      ]
    : [];
  const truncate = `SELECT truncate_local_data_after_distributing_table(${qualified(place, table.name)})`;
  return [...key, distributeSql(place, table.name, column, together), truncate]
    .map((statement) => `${statement};`)
    .join(' ');
}

/** The statement that distributes a table. */
export function distributeSql(
  place: Place,
  table: string,
  column: string,
  together: string | undefined,
): string {
  const colocated = together === undefined ? '' : `, colocate_with => ${qualified(place, together)}`;
  return `SELECT create_distributed_table(${qualified(place, table)}, ${quoteLiteral(column)}${colocated})`;
}

/** The name of a table, as a string. */
export function qualified({ schema }: Place, table: string): string {
  return quoteLiteral(quoteQualified(schema, table));
}

/** The column of a foreign key that refers to the one by which its parent is distributed. */
export function referringColumn(
  { columns, references }: ForeignKey,
  distributedBy: string,
): string | undefined {
  return columns[references.columns.indexOf(distributedBy)];
}
