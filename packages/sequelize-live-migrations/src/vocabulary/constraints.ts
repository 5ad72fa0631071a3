import type { Utils, WhereOptions } from 'sequelize';
import { assertCondition, assertKnown, assertName, assertOneOf } from './assertions';
import type { AddConstraint, AddUnique } from './changes';
import { uniqueName } from './default-names';

/** Sequelize's options for a check constraint. */
export interface CheckOptions {
  readonly type: 'check';
  readonly name: string;
  /** The columns that it is about, for whoever reads the migration. */
  readonly fields?: readonly string[];
  /** Conditions as in a query, or `literal('an SQL expression')`. */
  readonly where: WhereOptions | InstanceType<typeof Utils.Literal>;
}

/** Sequelize's options for a unique constraint. */
export interface UniqueOptions {
  readonly type: 'unique';
  readonly fields: readonly string[];
  /** Left out: the table and the columns with `uk` at the end, as Sequelize names it. */
  readonly name?: string;
}

export type ConstraintOptions = CheckOptions | UniqueOptions;

/** @throws where something of a constraint is not known */
export function constraintOf(method: string, table: string, options: ConstraintOptions): AddConstraint {
  const what = `${method} of ${table}`;
  assertName(method, table);
  assertKnown(what, options, ['type', 'name', 'fields', 'where']);
  assertOneOf(`${what}: type`, options.type, ['check', 'unique']);
  if (options.type === 'unique') return uniqueOf(what, table, options);
  const { type, name, where } = options;
  assertName(what, name);
  assertCondition(what, where);
  return { kind: 'addConstraint', table, name, type, where };
}

function uniqueOf(what: string, table: string, options: UniqueOptions): AddUnique {
  assertKnown(what, options, ['type', 'name', 'fields']);
  const { type, fields } = options;
  if (!Array.isArray(fields) || fields.length === 0) {
    throw new Error(`${what}: the columns are expected as an array: { fields: ['name'] }.`);
  }
  fields.forEach((field: string) => assertName(what, field));
  const name = options.name ?? uniqueName(table, fields);
  assertName(what, name);
  return { kind: 'addConstraint', table, name, type, fields };
}
