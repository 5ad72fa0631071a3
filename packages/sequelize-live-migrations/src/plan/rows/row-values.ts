import { type Sequelize, Utils } from 'sequelize';
import { type Column, columnNamed, type Table } from '../../catalog';
import { endedSql, quoteIdentifier, quoteLiteral } from '../../postgres';
import type { Condition, Row, RowValue } from '../../vocabulary';
import { declaredConditionSql, declaredValueSql } from '../declared/query-generator';
import { RefusedError } from '../draft/refused-error';

/** A value of a column as a change declares it. Whether the column is there is PostgreSQL's to say. */
export interface DeclaredValue {
  readonly column: Pick<Column, 'name' | 'type'>;
  readonly sql: string;
  /** It is an expression: what it gives is only known when it runs. */
  readonly isExpression: boolean;
}

/**
 * The values of a row as SQL.
 *
 * @throws RefusedError where a value is none of the type of its column
 */
export function valuesOf(sequelize: Sequelize, table: Table, row: Row): DeclaredValue[] {
  return Object.entries(row).map(([name, value]) => {
    const column = columnNamed(table, name) ?? { name, type: 'text' };
    const isExpression = value instanceof Utils.SequelizeMethod;
    return { column, isExpression, sql: valueSql(sequelize, table, column, value) };
  });
}

function valueSql(
  sequelize: Sequelize,
  table: Table,
  { name, type }: Pick<Column, 'name' | 'type'>,
  value: RowValue,
): string {
  if (value instanceof Utils.SequelizeMethod) return `(${endedSql(declaredValueSql(sequelize, value))})`;
  // A string is JSON already, as for Sequelize's own bulkInsert, which takes no object.
  if (/^jsonb?$/.test(type) && value !== null && typeof value !== 'string') {
    return quoteLiteral(JSON.stringify(value));
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return quoteLiteral(String(value));
  if (typeof value !== 'object' || value === null || value instanceof Date || Buffer.isBuffer(value)) {
    return declaredValueSql(sequelize, value);
  }
  const element = type.replace(/\[\]$/, '');
  if (Array.isArray(value) && element !== type) {
    const elements = value.map((one: RowValue) =>
      Array.isArray(one)
        ? valueSql(sequelize, table, { name, type }, one)
        : valueSql(sequelize, table, { name, type: element }, one),
    );
    return `ARRAY[${elements.join(', ')}]::${type}`;
  }
  throw new RefusedError(
    `Column ${table.name}.${name} is of type ${type}, which holds no ${Array.isArray(value) ? 'array' : 'object'}: ` +
      `${JSON.stringify(value)}. Nothing of this migration was done.`,
  );
}

/** The condition as SQL. Columns are named without their table, and a table that it names is that of the update. */
export function conditionSql(sequelize: Sequelize, table: Table, where: Condition): string {
  const condition = declaredConditionSql(sequelize, where);
  if (condition.trim() !== '') return `(${endedSql(condition)})`;
  throw new RefusedError(
    `The condition for rows of ${table.name} says nothing. For all of them, write literal('true'). Nothing of this ` +
      'migration was done.',
  );
}

/** True of a row that does not have the values yet. As texts: not every type can be compared, and none hides a difference. */
export function differsSql(values: readonly DeclaredValue[]): string {
  const different = values.map(
    ({ column, sql }) =>
      `${quoteIdentifier(column.name)}::text IS DISTINCT FROM ((${sql})::${column.type})::text`,
  );
  return `(${different.join(' OR ')})`;
}

/** Whether SQL reads tables by itself. Before the steps that come first, they may not be there, or have other columns. */
export function readsTables(sql: string): boolean {
  return /\bselect\b/i.test(sql);
}
