import { Utils } from 'sequelize';
import type { Column, Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import type { ColumnAttributes } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { rowBatches } from './row-batches';

/**
 * The steps that fill the nulls of a column, in batches. None where there is neither a backfill nor a default; two
 * with Citus, which refuses a default such as CURRENT_TIMESTAMP in COALESCE (`non-IMMUTABLE functions are not allowed`).
 */
export function fillSteps(
  draft: Draft,
  table: Table,
  column: Column,
  { backfill }: ColumnAttributes,
): Step[] {
  const declared = backfill instanceof Utils.Literal ? `(${String(backfill.val)})` : undefined;
  const values = [declared, column.default].filter((value) => value !== undefined && value !== null);
  const [value] = values;
  if (value === undefined) return [];
  const purpose = `fill the nulls of ${table.name}.${column.name}`;
  if (draft.place.citus && values.length > 1)
    return values.map((one, n) => fill(table, column, one, n === 0 ? purpose : `${purpose} that are left`));
  return [fill(table, column, values.length > 1 ? `COALESCE(${values.join(', ')})` : value, purpose)];
}

function fill(table: Table, column: Column, value: string, purpose: string): Step {
  const [name, target] = [table.name, column.name].map(quoteIdentifier);
  const isNull = `${String(name)}.${String(target)} IS NULL`;
  return {
    purpose,
    ...rowBatches({
      table,
      condition: isNull,
      statement: `UPDATE ${String(name)} SET ${String(target)} = ${value} FROM`,
      isLeft: isNull,
    }),
  };
}
