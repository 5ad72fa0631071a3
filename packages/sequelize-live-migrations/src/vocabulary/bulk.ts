import { Utils } from 'sequelize';
import { assertName, assertSql } from './assertions';
import type { BulkDelete, BulkInsert, BulkUpdate } from './changes';
import { assertCondition } from './conditions';
import type { Condition, Row } from './rows';
import { hasUndefined, isPlain } from './values';

/** @throws where something of an update is not known */
export function bulkUpdateOf(table: string, values: Row, where: Condition): BulkUpdate {
  const what = `bulkUpdate of ${table}`;
  assertRow(what, values);
  assertWhere(what, where);
  return { kind: 'bulkUpdate', table, values, where };
}

/** @throws where something of the rows is not known, or where they do not have the same columns */
export function bulkInsertOf(table: string, rows: BulkInsert['rows']): BulkInsert {
  const what = `bulkInsert into ${table}`;
  if (rows instanceof Utils.Literal) {
    assertSql(what, rows.val);
    return { kind: 'bulkInsert', table, rows };
  }
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new Error(`${what}: rows are expected, [{ id: 1, … }], or a query: literal('SELECT …').`);
  }
  rows.forEach((row: unknown, n) => {
    assertRow(`${what}: row ${String(n + 1)}`, row);
    const [columns, first] = [row, rows[0] ?? row].map((one: object) => Object.keys(one).sort().join(', '));
    if (columns === first) return;
    throw new Error(
      `${what}: row ${String(n + 1)} has the columns ${String(columns)}, and the first one has ${String(first)}. Give ` +
        'each row the same; null is a value.',
    );
  });
  return { kind: 'bulkInsert', table, rows };
}

/** @throws where something of a deletion is not known */
export function bulkDeleteOf(table: string, where: Condition): BulkDelete {
  assertWhere(`bulkDelete of ${table}`, where);
  return { kind: 'bulkDelete', table, where };
}

/** @throws where a condition is left out: which rows it is about is never left open */
function assertWhere(what: string, where: unknown): void {
  if (where === undefined) {
    throw new Error(`${what}: which rows? For all of them, write literal('true') for the condition.`);
  }
  assertCondition(what, where);
}

/** @throws where something is no object of values by their columns, or one of its values is none */
function assertRow(what: string, row: unknown): asserts row is Row {
  const isOfColumns = isPlain(row) && Reflect.ownKeys(row).every((key) => typeof key === 'string');
  if (!isOfColumns || Object.keys(row).length === 0) {
    throw new Error(`${what}: values by their columns are expected: { name: 'Rex' }.`);
  }
  for (const [column, value] of Object.entries(row)) {
    assertName(what, column);
    if (!isValue(value)) {
      throw new Error(`${what}: ${column} has no value that can be written: ${String(value)}.`);
    }
    if (value instanceof Utils.Fn && JSON.stringify(value).includes('$')) {
      throw new Error(
        `${what}: ${column}: Sequelize's fn() writes a $ twice. Write it as SQL: literal('…').`,
      );
    }
  }
}

function isValue(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return !['undefined', 'function', 'symbol'].includes(typeof value) && !hasUndefined(value);
}
