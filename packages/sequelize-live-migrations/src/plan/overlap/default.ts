import { type Column, isIdentity } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { alterColumn, alterStep } from '../draft/alter';
import type { Step } from '../draft/step';
import { mostOf } from '../draft/types';
import { otherOf, type Overlap } from '../recognised/overlap';

/** The steps that give one of two columns the default of the other one, or the sequence from which that gets its values. */
export function moveDefault(overlap: Overlap, column: Column): Step[] {
  const { table, conversion } = overlap;
  const { name: from, default: value, serial } = column;
  const to = otherOf(overlap, from);
  if (isIdentity(column) && conversion) return [moveIdentity(table, column, to, conversion.to)];
  if (serial && conversion) return [moveSequence(table, from, to, conversion.to)];
  if (value === null) return [];
  return [alterColumn(table, to, 'set the default of', `SET DEFAULT ${value}`)];
}

/**
 * The step after which another column of a table owns the sequence of a column, and has its next value as its default. The
 * sequence counts as far as the type of that column goes, unless it is beyond that already. It is looked up when the step
 * runs: on the shadows it may have another name.
 */
function moveSequence(table: string, from: string, to: string, type: string): Step {
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
  const purpose = `give ${table}.${to} the sequence of ${table}.${from}`;
  return alterStep(table, purpose, `DO ${quoteLiteral(body)}`);
}

/**
 * The same for an identity, whose sequence goes with it (manual, ALTER TABLE, DROP IDENTITY): a new one has the name, the
 * steps and the cache of that, and goes on where it was.
 */
function moveIdentity(table: string, { name: from, generated }: Column, to: string, type: string): Step {
  const always = generated === 'a' ? 'ALWAYS' : 'BY DEFAULT';
  const name = quoteLiteral(table);
  const [source, target] = [quoteLiteral(from), quoteLiteral(to)];
  const sequenceOf = (column: string) =>
    `pg_get_serial_sequence(${quoteLiteral(quoteIdentifier(table))}, ${column})`;
  const body = `
DECLARE
  sequence regclass := ${sequenceOf(source)};
  counted bigint;
  called boolean;
  named name := (SELECT relname FROM pg_class WHERE oid = sequence);
  options record;
BEGIN
  SELECT seqincrement, seqcache INTO options FROM pg_sequence WHERE seqrelid = sequence;
  EXECUTE format('SELECT last_value, is_called FROM %s', sequence) INTO counted, called;
  EXECUTE format('ALTER TABLE %I ALTER COLUMN %I DROP IDENTITY', ${name}, ${source});
  EXECUTE format('ALTER TABLE %I ALTER COLUMN %I ADD GENERATED ${always} AS IDENTITY (SEQUENCE NAME %I INCREMENT %s CACHE %s)',
    ${name}, ${target}, named, options.seqincrement, options.seqcache);
  PERFORM setval(${sequenceOf(target)}, least(counted, ${String(mostOf(type) ?? 0)}), called);
END `;
  const purpose = `give ${table}.${to} the identity of ${table}.${from}`;
  return alterStep(table, purpose, `DO ${quoteLiteral(body)}`);
}
