import { columnNamed, isIdentity, isUniqueOverAll, type Table } from '../../catalog';
import { listIn, quoteIdentifier, quoteLiteral, unquoted } from '../../postgres';
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

/**
 * Statements after which the sequences of some columns give no number that is there. They take numbers one by one, as the
 * application may at the same time, unless there are too many of them; a sequence is never set back.
 */
export function sequencesSql(table: Table, columns: readonly string[]): string[] {
  return columns.flatMap((name) => {
    const column = columnNamed(table, name);
    if (!column || (!column.serial && !isIdentity(column))) return [];
    const target = quoteIdentifier(table.name);
    const body = `
DECLARE
  numbers regclass := pg_get_serial_sequence(${quoteLiteral(target)}, ${quoteLiteral(name)});
  reached bigint := coalesce(pg_sequence_last_value(numbers), 0);
  wanted bigint;
BEGIN
  PERFORM set_config('row_security', 'off', true);
  SELECT max(${quoteIdentifier(name)}) INTO wanted FROM ${target};
  IF wanted - reached > ${String(ONE_BY_ONE)} THEN reached := setval(numbers, wanted); END IF;
  WHILE reached < wanted LOOP reached := nextval(numbers); END LOOP;
END `;
    return [`DO ${quoteLiteral(body)}`];
  });
}

/** So many that the application does not take them all between reading a sequence and setting it. */
const ONE_BY_ONE = 10_000;
