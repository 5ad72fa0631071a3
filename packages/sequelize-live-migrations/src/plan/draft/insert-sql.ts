import { columnNamed, isIdentity, type Table } from '../../catalog';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../../postgres';

/** `INSERT INTO "pets" ("id") VALUES (1)`; also into an identity column that is always generated. */
export function insertSql(table: Table, columns: readonly string[], rows: string): string {
  const isAlways = columns.some((column) => columnNamed(table, column)?.generated === 'a');
  const overriding = isAlways ? ' OVERRIDING SYSTEM VALUE' : '';
  return `INSERT INTO ${quoteIdentifier(table.name)} (${quoteIdentifiers(columns)})${overriding} ${rows}`;
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
