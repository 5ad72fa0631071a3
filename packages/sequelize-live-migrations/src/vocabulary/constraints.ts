import { assertColumns, assertKnown, assertName, assertObject, assertOneOf } from './assertions';
import type { AddConstraint, AddForeignKey, AddUnique } from './changes';
import { assertNotDeferrable } from './deferrable';
import { REFERENTIAL_ACTIONS, type ReferentialAction } from './columns';
import { assertCondition } from './conditions';
import { foreignKeyConstraintName, uniqueName } from './default-names';
import type { Condition } from './rows';

/** Sequelize's options for a check constraint. */
interface CheckOptions {
  readonly type: 'check';
  readonly name: string;
  /** The columns that it is about, for whoever reads the migration. */
  readonly fields?: readonly string[];
  readonly where: Condition;
}

/** Sequelize's options for a unique constraint. */
interface UniqueOptions {
  readonly type: 'unique';
  readonly fields: readonly string[];
  /** Left out: the table and the columns with `uk` at the end, as Sequelize names it. */
  readonly name?: string;
}

/** Sequelize's options for a foreign key. */
interface ForeignKeyOptions {
  readonly type: 'foreign key';
  readonly fields: readonly string[];
  /** The referenced table, with one column or, for a key of several, with all of them in the order of `fields`. */
  readonly references:
    | { readonly table: string; readonly field: string }
    | { readonly table: string; readonly fields: readonly string[] };
  /** Left out: both tables and the columns with `fk` at the end, as Sequelize names it. */
  readonly name?: string;
  readonly onUpdate?: ReferentialAction;
  readonly onDelete?: ReferentialAction;
}

export type ConstraintOptions = CheckOptions | UniqueOptions | ForeignKeyOptions;

const TYPES = ['check', 'unique', 'foreign key'];

/** @throws where something of a constraint is not known */
export function constraintOf(method: string, table: string, options: ConstraintOptions): AddConstraint {
  const what = `${method} of ${table}`;
  assertObject(what, options);
  assertOneOf(`${what}: type`, options.type, TYPES);
  if (options.type === 'unique') return uniqueOf(what, table, options);
  if (options.type === 'foreign key') return foreignKeyOf(what, table, options);
  assertKnown(what, options, ['type', 'name', 'fields', 'where']);
  const { type, name, where } = options;
  assertName(what, name);
  assertCondition(what, where);
  return { kind: 'addConstraint', table, name, type, where };
}

function uniqueOf(what: string, table: string, options: UniqueOptions): AddUnique {
  assertKnown(what, options, ['type', 'name', 'fields']);
  const { type, fields } = options;
  assertColumns(what, 'fields', fields);
  const name = options.name ?? uniqueName(table, fields);
  assertName(what, name);
  return { kind: 'addConstraint', table, name, type, fields };
}

function foreignKeyOf(what: string, table: string, options: ForeignKeyOptions): AddForeignKey {
  const { type, fields, references, onUpdate = 'NO ACTION', onDelete = 'NO ACTION' } = options;
  assertColumns(what, 'fields', fields);
  assertKnown(`${what}: references`, references, ['table', 'field', 'fields']);
  assertName(`${what}: references.table`, references.table);
  const referenced = 'fields' in references ? references.fields : [references.field];
  assertColumns(`${what}: references`, 'fields', referenced);
  if (referenced.length !== fields.length) {
    throw new Error(
      `${what}: ${String(fields.length)} columns cannot refer to ${String(referenced.length)} of ${references.table}.`,
    );
  }
  assertOneOf(`${what}: onUpdate`, onUpdate, REFERENTIAL_ACTIONS);
  assertOneOf(`${what}: onDelete`, onDelete, REFERENTIAL_ACTIONS);
  const name = options.name ?? foreignKeyConstraintName(table, fields, references.table);
  assertName(what, name);
  assertNotDeferrable(what, options, table, name);
  assertKnown(what, options, ['type', 'name', 'fields', 'references', 'onUpdate', 'onDelete']);
  const parent = { table: references.table, fields: referenced };
  return { kind: 'addConstraint', table, name, type, fields, references: parent, onUpdate, onDelete };
}
