import { quoteIdentifier, quoteLiteral } from '../postgres';
import { mostOf } from './conversions';
import { alterStep } from './overlap';
import type { Step } from './step';

/**
 * The step after which another column of a table owns the sequence of a column, and has its next value as its default. The
 * sequence counts as far as the type of that column goes, unless it is beyond that already. It is looked up when the step
 * runs: on the shadows it may have another name.
 */
export function moveSequence(table: string, from: string, to: string, type: string): Step {
  const most = mostOf(type);
  const name = quoteLiteral(table);
  const [source, target] = [quoteLiteral(from), quoteLiteral(to)];
  const limit =
    most === undefined
      ? ''
      : `
  EXECUTE format('SELECT last_value FROM %s', sequence) INTO counted;
  IF counted <= ${String(most)} THEN EXECUTE format('ALTER SEQUENCE %s AS ${type}', sequence); END IF;`;
  const body = `
DECLARE
  sequence regclass := pg_get_serial_sequence(${quoteLiteral(quoteIdentifier(table))}, ${source});
  counted bigint;
BEGIN
  EXECUTE format('ALTER SEQUENCE %s OWNED BY %I.%I', sequence, ${name}, ${target});
  EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT nextval(%L::regclass), ALTER COLUMN %I DROP DEFAULT', ${name}, ${target}, sequence, ${source});${limit}
END `;
  return alterStep(table, `give ${table}.${to} the sequence of ${table}.${from}`, [
    `DO ${quoteLiteral(body)}`,
  ]);
}
