import type { Utils, WhereOptions } from 'sequelize';
import type { InSchema } from './in-schema';

/** A value of a column as Sequelize takes it, or an SQL expression: `literal('lower(name)')`. */
export type RowValue = string | number | bigint | boolean | object | null;
/** Values by the names of their columns. */
export type Row = Readonly<Record<string, RowValue>>;
/** Conditions as in a query, or `literal('an SQL expression')`. */
export type Condition = WhereOptions | InstanceType<typeof Utils.Literal>;

export interface BulkInsert extends InSchema {
  readonly kind: 'bulkInsert';
  readonly table: string;
  /** Rows with the same columns, or a query, whose columns have the names of those of the table. */
  readonly rows: readonly Row[] | InstanceType<typeof Utils.Literal>;
}
export interface BulkDelete extends InSchema {
  readonly kind: 'bulkDelete';
  readonly table: string;
  readonly where: Condition;
}
export interface BulkUpdate extends InSchema {
  readonly kind: 'bulkUpdate';
  readonly table: string;
  readonly values: Row;
  readonly where: Condition;
}

// What reverts them.

/** What the rows were before is not known: they stay as they are. */
export interface KeepRows {
  readonly kind: 'keepRows';
  readonly undoes: BulkUpdate | BulkDelete;
}
export interface RemoveRows {
  readonly kind: 'removeRows';
  readonly undoes: BulkInsert;
}

/** A change of rows. */
export type RowChange = BulkUpdate | BulkDelete | BulkInsert | KeepRows | RemoveRows;
