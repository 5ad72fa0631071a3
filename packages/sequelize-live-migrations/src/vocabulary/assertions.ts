import { Utils } from 'sequelize';
import { COLUMN_ATTRIBUTES, type ColumnAttributes, REFERENTIAL_ACTIONS } from './columns';
import { assertComment } from './comments';
import { foreignKeyName, isTooLong } from './default-names';
import { assertDefault } from './default-values';
import { assertNotDeferrable } from './deferrable';
import { enumLabelsOf } from './enums';
import { FIELD_OPTIONS, type IndexField } from './indexes';
import { shown } from './shown';
import { notInTransaction } from './sql-text';
import { assertType } from './types';

// TypeScript has checked all of this, unless the migration is JavaScript, or hands on a variable that has more than
// its type says. What is not known would be left out silently: a partial index would become one over all rows.

/** @throws where a name of a table, a column or an index is no string, or an empty one, or would be cut by PostgreSQL */
export function assertName(what: string, name: unknown): void {
  if (typeof name !== 'string' || name === '') {
    throw new Error(`${what}: a name is expected, and not ${shown(name)}.`);
  }
  if (isTooLong(name))
    throw new Error(`${what}: ${name} is longer than a name in PostgreSQL may be, 63 bytes.`);
}

/** @throws where a new name is no name, or is the one that something has already */
export function assertRenamed(method: string, from: unknown, to: unknown): void {
  [from, to].forEach((name) => assertName(method, name));
  if (from !== to) return;
  throw new Error(
    `${method}: the two names are the same, ${shown(from)}. Write the new name as the last one.`,
  );
}

/** @throws where a method was given more than it takes, such as options for Sequelize's method of that name */
export function assertNoMore(what: string, rest: readonly unknown[]): void {
  if (rest.length === 0) return;
  throw new Error(`${what}: ${shown(rest[0])} is not known here, and would be left out.`);
}

/** @throws where something is no object */
export function assertObject(what: string, object: unknown): asserts object is object {
  if (typeof object === 'object' && object !== null) return;
  throw new Error(`${what}: an object is expected, and not ${shown(object)}.`);
}

/** @throws where something is no object, or has a key that is not among `known` */
export function assertKnown(what: string, object: unknown, known: readonly string[]): void {
  assertObject(what, object);
  const unknown = Object.keys(object).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new Error(
    `${what}: ${unknown.join(', ')} cannot be declared, and would be left out. Known are: ${known.join(', ')}.`,
  );
}

/** @throws where a value is not one of those that are known */
export function assertOneOf(what: string, value: unknown, known: readonly unknown[]): void {
  if (known.includes(value)) return;
  const expected = known.map(shown).join(' or ');
  throw new Error(`${what} is ${expected}, and not ${shown(value)}.`);
}

/** @throws where something of a column is not known, or is of another type than declared */
export function assertColumn(
  method: string,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): void {
  assertName(`${method} of ${table}`, column);
  const what = `${method} of ${table}.${column}`;
  assertKnown(what, attributes, COLUMN_ATTRIBUTES);
  assertType(what, attributes);
  const { allowNull, primaryKey, autoIncrement, autoIncrementIdentity, unique } = attributes;
  const booleans = { allowNull, primaryKey, autoIncrement, autoIncrementIdentity, unique };
  for (const [name, value] of Object.entries(booleans)) {
    assertOneOf(`${what}: ${name}`, value ?? true, [true, false]);
  }
  if ('comment' in attributes) assertComment(what, attributes.comment);
  assertLabels(what, attributes);
  assertDefault(what, attributes.defaultValue);
  assertBackfill(what, attributes);
  assertGenerated(what, attributes);
  assertNotDeferrable(`${what}: references`, attributes.references, table, foreignKeyName(table, column));
  assertReferences(what, attributes);
}

function assertLabels(what: string, attributes: ColumnAttributes): void {
  const labels = enumLabelsOf(attributes);
  labels?.forEach((label, n) => {
    assertName(`${what}: a label`, label);
    if (labels.indexOf(label) < n) throw new Error(`${what}: the label ${label} is there twice.`);
  });
}

function assertBackfill(what: string, { backfill, allowNull }: ColumnAttributes): void {
  if (backfill === undefined) return;
  if (!(backfill instanceof Utils.Literal)) {
    throw new Error(`${what}: backfill is an SQL expression: literal('…').`);
  }
  if (allowNull === false) return;
  throw new Error(`${what}: backfill fills the nulls of a column that is to have none: allowNull: false.`);
}

function assertGenerated(what: string, attributes: ColumnAttributes): void {
  const { autoIncrement, autoIncrementIdentity, generatedAs } = attributes;
  if (autoIncrementIdentity === true && autoIncrement !== true) {
    throw new Error(`${what}: autoIncrementIdentity is a kind of autoIncrement: autoIncrement: true.`);
  }
  if (generatedAs === undefined) return;
  if (!(generatedAs instanceof Utils.Literal)) {
    throw new Error(`${what}: generatedAs is an SQL expression: literal('…').`);
  }
  const others = ['defaultValue', 'backfill', 'autoIncrement'] as const;
  const other = others.find((name) => attributes[name] !== undefined);
  if (other === undefined) return;
  throw new Error(
    `${what}: a generated column has no other value than that of its expression, so no ${other}.`,
  );
}

function assertReferences(what: string, { references, onUpdate, onDelete }: ColumnAttributes): void {
  if (references !== undefined) {
    assertKnown(`${what}: references`, references, ['model', 'key']);
    assertName(`${what}: references.model`, references.model);
    assertName(`${what}: references.key`, references.key);
  }
  for (const [name, action] of Object.entries({ onUpdate, onDelete })) {
    if (action === undefined) continue;
    assertOneOf(`${what}: ${name}`, action, REFERENTIAL_ACTIONS);
    if (!references) throw new Error(`${what}: ${name} is of a foreign key, and there are no references.`);
  }
}

/** @throws where a field of an index is something else than a column or an expression */
export function assertFields(what: string, fields: readonly IndexField[]): void {
  if (!Array.isArray(fields) || fields.length === 0) {
    throw new Error(`${what}: the columns are expected as an array: ['name'].`);
  }
  fields.forEach((field: IndexField) => {
    if (typeof field === 'string') assertName(what, field);
    else if (!(field instanceof Utils.SequelizeMethod)) {
      assertKnown(`${what}: a field`, field, FIELD_OPTIONS);
      for (const [option, value] of Object.entries<unknown>(field)) {
        if (value !== undefined) assertName(`${what}: ${option} of a field`, value);
      }
    }
  });
}

/** @throws where something is no list of names of columns */
export function assertColumns(what: string, option: string, fields: readonly string[]): void {
  if (!Array.isArray(fields) || fields.length === 0) {
    throw new Error(`${what}: the columns are expected as an array: { ${option}: ['name'] }.`);
  }
  fields.forEach((field: string) => assertName(what, field));
}

/** @throws where a text is none, or has what cannot be in a transaction */
export function assertSql(what: string, text: unknown): void {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new Error(`${what}: statements are expected as text: 'CREATE FUNCTION …'.`);
  }
  const found = notInTransaction(text);
  if (found === undefined) return;
  throw new Error(
    `${what}: ${found} cannot be in the transaction in which a migration runs its SQL. ` +
      'Declare an index with addIndex, which builds it concurrently.',
  );
}
