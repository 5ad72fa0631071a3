import type { Utils, WhereOptions } from 'sequelize';

/** A value of a column as Sequelize takes it, or an SQL expression: `literal('lower(name)')`. */
export type RowValue = string | number | bigint | boolean | object | null;
/** Values by the names of their columns. */
export type Row = Readonly<Record<string, RowValue>>;
/** Conditions as in a query, or `literal('an SQL expression')`. */
export type Condition = WhereOptions | InstanceType<typeof Utils.Literal>;
