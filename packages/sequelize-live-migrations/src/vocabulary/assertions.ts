import { Utils } from 'sequelize';
import { COLUMN_ATTRIBUTES, type ColumnAttributes } from './columns';
import { FIELD_OPTIONS, type IndexField } from './indexes';
import { REFERENTIAL_ACTIONS } from './referential-actions';

// TypeScript has checked all of this, unless the migration is JavaScript, or hands on a variable that has more than
// its type says. What is not known would be left out silently: a partial index would become one over all rows.

/** @throws where a name of a table, a column or an index is no string, or an empty one */
export function assertName(what: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new Error(`${what}: a name is expected, and not ${JSON.stringify(name) || 'undefined'}.`);
}

/** @throws where an object has a key that is not among `known` */
export function assertKnown(what: string, object: object, known: readonly string[]): void {
  const unknown = Object.keys(object).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new Error(
    `${what}: ${unknown.join(', ')} cannot be declared, and would be left out. Known are: ${known.join(', ')}.`,
  );
}

/** @throws where a value is not one of those that are known */
export function assertOneOf(what: string, value: unknown, known: readonly unknown[]): void {
  if (known.includes(value)) return;
  const expected = known.map((one) => JSON.stringify(one)).join(' or ');
  throw new Error(`${what} is ${expected}, and not ${JSON.stringify(value) || 'undefined'}.`);
}

/** @throws where something of a column is not known, or is of another type than declared */
export function assertColumn(
  method: string,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): void {
  assertName(method, table);
  assertName(`${method} of ${table}`, column);
  const what = `${method} of ${table}.${column}`;
  assertKnown(what, attributes, COLUMN_ATTRIBUTES);
  const { type, allowNull, primaryKey, autoIncrement, backfill, references, onUpdate, onDelete } = attributes;
  if (!['string', 'object', 'function'].includes(typeof type)) {
    throw new Error(`${what}: a type is expected, for instance DataTypes.TEXT.`);
  }
  for (const [name, value] of Object.entries({ allowNull, primaryKey, autoIncrement })) {
    assertOneOf(`${what}: ${name}`, value ?? true, [true, false]);
  }
  if (backfill !== undefined && !(backfill instanceof Utils.Literal)) {
    throw new Error(`${what}: backfill is an SQL expression: literal('…').`);
  }
  if (references !== undefined) {
    assertKnown(`${what}: references`, references, ['model', 'key']);
    assertName(`${what}: references.model`, references.model);
    assertName(`${what}: references.key`, references.key);
  }
  for (const [name, action] of Object.entries({ onUpdate, onDelete })) {
    if (action !== undefined) assertOneOf(`${what}: ${name}`, action, REFERENTIAL_ACTIONS);
  }
}

/** @throws where a field of an index is something else than a column or an expression */
export function assertFields(what: string, fields: readonly IndexField[]): void {
  if (!Array.isArray(fields) || fields.length === 0) {
    throw new Error(`${what}: the columns are expected as an array: ['name'].`);
  }
  fields.forEach((field: IndexField) => {
    if (typeof field === 'string') assertName(what, field);
    else if (!(field instanceof Utils.SequelizeMethod)) assertKnown(`${what}: a field`, field, FIELD_OPTIONS);
  });
}
