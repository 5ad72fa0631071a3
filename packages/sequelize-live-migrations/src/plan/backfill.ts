import { Utils } from 'sequelize';
import type { Column, Table } from '../catalog';
import type { ColumnAttributes } from '../vocabulary';
import { quoteIdentifier } from '../postgres';
import { rowBatches } from './row-batches';
import type { Step } from './step';

/** The step that fills the nulls of a column, in batches. No step where there is neither a backfill nor a default. */
export function fillStep(table: Table, column: Column, { backfill }: ColumnAttributes): Step[] {
  const declared = backfill instanceof Utils.Literal ? `(${String(backfill.val)})` : undefined;
  const values = [declared, column.default].filter((value) => value !== undefined && value !== null);
  if (values.length === 0) return [];
  const value = values.length > 1 ? `COALESCE(${values.join(', ')})` : String(values[0]);
  const [name, target] = [table.name, column.name].map(quoteIdentifier);
  const isNull = `${String(name)}.${String(target)} IS NULL`;
  return [
    {
      purpose: `fill the nulls of ${table.name}.${column.name}`,
      ...rowBatches({
        table,
        condition: isNull,
        statement: `UPDATE ${String(name)} SET ${String(target)} = ${value} FROM`,
        isLeft: isNull,
      }),
    },
  ];
}
