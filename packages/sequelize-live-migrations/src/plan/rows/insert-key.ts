import { isUniqueOverAll, type Table } from '../../catalog';
import { listIn, unquoted } from '../../postgres';
import { RefusedError } from '../draft/refused-error';

/**
 * The columns by which is told whether a row is there already: those of the primary key, or else of a unique key; undefined
 * where none of these is among the given ones.
 *
 * @param given the columns in which the rows have values
 */
export function findKey(table: Table, given: readonly string[]): readonly string[] | undefined {
  return keysOf(table).find((columns) => columns.every((column) => given.includes(column)));
}

function keysOf(table: Table): (readonly string[])[] {
  return [...(table.primaryKey ? [table.primaryKey.columns] : []), ...uniqueKeysOf(table)];
}

/**
 * The same.
 *
 * @throws RefusedError where there is none: a run that is repeated would insert the rows once more
 */
export function keyAmong(table: Table, given: readonly string[]): readonly string[] {
  const key = findKey(table, given);
  if (key) return key;
  const keys = keysOf(table);
  const [first = []] = keys;
  const advice =
    first.length > 0
      ? `Give them values in ${keys.map((columns) => columns.join(' and ')).join(', or in ')}`
      : 'Declare a primary key or a unique constraint before';
  throw new RefusedError(
    `Which rows of ${table.name} are there already cannot be told, so a run that was cut short would insert them twice. ` +
      `Nothing of this migration was done. ${advice}.`,
  );
}

function uniqueKeysOf({ constraints, indexes }: Table): (readonly string[])[] {
  const ofConstraints = constraints
    .filter(({ type, valid }) => type === 'u' && valid)
    .filter(({ definition }) => !definition.includes(') DEFERRABLE')) // which ON CONFLICT does not accept
    .map(({ definition }) => listIn(definition).items);
  const ofIndexes = indexes.filter((index) => isUniqueOverAll(index) && index.valid).map(({ keys }) => keys);
  return [...ofConstraints, ...ofIndexes].map((keys) => keys.map(unquoted));
}
