import type { Column, ColumnUses, Trigger } from '../../catalog';
import { OVERLAP_LOCK_CLASS, quoteIdentifier, quoteLiteral } from '../../postgres';
import { alterColumnSql, alterTableSql } from '../draft/alter';
import type { Step } from '../draft/step';
import { functionsOf, markerSql, type Overlap, settingOf, targetValueSql } from '../recognised/overlap';

// What keeps two columns equal. Which of the two a statement writes has to be known, and not only the values: a release that
// sets its column to null must not be taken for one that does not know the column. So
//
// - an INSERT is known by the default of the target, which is evaluated only where the statement does not give it a value;
// - an UPDATE by its SET list, `UPDATE OF target`;
// - one trigger comes before all others (`!` is before every letter) and copies what was written to the target to the
//   source, and one after all others (`~`) copies the source to the target: a trigger of the application, which may change
//   the source, is between them;
// - both are ENABLE ALWAYS: otherwise what logical replication applies would pass them by.

/** Of one statement more than so many rows are not locked: locks are few, and belong to all sessions of the server. */
const MOST_LOCKS = 32;

export const FIRST = '!overlap_first_';
export const LAST = '~overlap_last_';

/** Whether a trigger is one of an overlap. */
export function isOfOverlap({ name }: Trigger): boolean {
  return name.startsWith(FIRST) || name.startsWith(LAST);
}

/** The triggers of the application that can be replaced: those of a constraint cannot. */
export function replaceable({ triggers }: ColumnUses): Trigger[] {
  return triggers.filter((trigger) => !trigger.isConstraint && !isOfOverlap(trigger));
}

/**
 * The step that has triggers keep two columns equal. The default comes after the column: `ADD COLUMN` with one that differs
 * from row to row would rewrite the table.
 *
 * @param isUnique whether both columns have, or will have, a unique index
 */
export function keepEqual(overlap: Overlap, target: Column, isUnique: boolean): Step {
  const { table, source } = overlap;
  const setDefault = alterColumnSql(table, target.name, `SET DEFAULT ${markerSql(overlap, target)}`);
  const { last } = functionsOf(overlap);
  return {
    purpose: `keep ${table}.${source} and ${table}.${target.name} equal by triggers`,
    sql: [
      setDefault,
      ...(overlap.conversion ? [] : firstTriggerSql(overlap)), // a column of another type is written by nobody else
      createFunctionSql(last, lastSql(overlap, isUnique)),
      ...createTriggerSql(table, `~${last}`, 'INSERT OR UPDATE', last),
    ].join(';\n'),
    onShadows: [setDefault],
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
  };
}

function firstTriggerSql(overlap: Overlap): string[] {
  const { first } = functionsOf(overlap);
  const event = `INSERT OR UPDATE OF ${quoteIdentifier(overlap.target)}`;
  return [
    createFunctionSql(first, firstSql(overlap)),
    ...createTriggerSql(overlap.table, `!${first}`, event, first),
  ];
}

/** The step after which the two are any two columns. */
export function keepEqualNoMore(overlap: Overlap): Step {
  const { table, source, target } = overlap;
  const dropDefault = alterColumnSql(table, target, 'DROP DEFAULT');
  const { first, last } = functionsOf(overlap);
  return {
    purpose: `drop the triggers that keep ${table}.${source} and ${table}.${target} equal`,
    sql: [
      ...[`!${first}`, `~${last}`].map(
        (trigger) => `DROP TRIGGER IF EXISTS ${quoteIdentifier(trigger)} ON ${quoteIdentifier(table)}`,
      ),
      ...[first, last].map((name) => `DROP FUNCTION IF EXISTS ${quoteIdentifier(name)}()`),
      dropDefault,
    ].join(';\n'),
    onShadows: [dropDefault],
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
  };
}

function createFunctionSql(name: string, body: string): string {
  return `CREATE OR REPLACE FUNCTION ${quoteIdentifier(name)}() RETURNS trigger LANGUAGE plpgsql AS ${quoteLiteral(body)}`;
}

function createTriggerSql(table: string, name: string, event: string, procedure: string): string[] {
  const [on, trigger] = [quoteIdentifier(table), quoteIdentifier(name)];
  return [
    `CREATE OR REPLACE TRIGGER ${trigger} BEFORE ${event} ON ${on} FOR EACH ROW EXECUTE FUNCTION ${quoteIdentifier(procedure)}()`,
    alterTableSql(table, `ENABLE ALWAYS TRIGGER ${trigger}`),
  ];
}

/**
 * The first trigger. Values are compared by their bytes, since not every type has an operator for that. A null is asked for
 * with IS NOT DISTINCT FROM, which does not take a composite value whose fields are null for one.
 */
function firstSql({ source, target, id }: Overlap): string {
  const [from, to] = [quoteIdentifier(source), quoteIdentifier(target)];
  const setting = quoteLiteral(settingOf(id));
  return `
DECLARE
  is_left_out boolean := coalesce(current_setting(${setting}, true), '') <> '';
BEGIN
  IF is_left_out THEN
    PERFORM set_config(${setting}, '', true);
    is_left_out := NEW.${to} IS NOT DISTINCT FROM NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT is_left_out THEN NEW.${from} := NEW.${to}; END IF;
  ELSIF is_left_out THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = format('column %I of table %I cannot be set to DEFAULT', ${quoteLiteral(target)}, TG_TABLE_NAME),
      HINT = format('Until column %I is removed, the default is that of this one.', ${quoteLiteral(source)});
  ELSIF record_image_eq(ROW(NEW.${from}), ROW(OLD.${from})) THEN
    NEW.${from} := NEW.${to};
  ELSIF record_image_ne(ROW(NEW.${to}), ROW(OLD.${to})) AND record_image_ne(ROW(NEW.${to}), ROW(NEW.${from})) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = format('columns %I and %I of table %I are set to different values', ${quoteLiteral(source)}, ${quoteLiteral(target)}, TG_TABLE_NAME),
      HINT = 'They are two names of one column, until the first one is removed: set one of them.';
  END IF;
  RETURN NEW;
END `;
}

/**
 * The last trigger. Of two unique indexes, ON CONFLICT names one: where two sessions write the same value at once, the other
 * index would raise an error. So the second session waits for the first one, as it does with one index.
 */
function lastSql(overlap: Overlap, isUnique: boolean): string {
  const { source, target, id } = overlap;
  const [from, to] = [quoteIdentifier(source), quoteIdentifier(target)];
  const copy = `  NEW.${to} := ${targetValueSql(overlap, `NEW.${from}`)};\n  RETURN NEW;\nEND `;
  if (!isUnique) return `\nBEGIN\n${copy}`;
  const setting = quoteLiteral(`${settingOf(id)}_locks`);
  return `
DECLARE
  locks integer := coalesce(nullif(current_setting(${setting}, true), ''), '0');
BEGIN
  IF locks < ${String(MOST_LOCKS)} AND NEW.${from} IS DISTINCT FROM NULL AND (TG_OP = 'INSERT' OR record_image_ne(ROW(NEW.${from}), ROW(OLD.${from}))) THEN
    PERFORM set_config(${setting}, (locks + 1)::text, true);
    PERFORM pg_advisory_xact_lock(${String(OVERLAP_LOCK_CLASS)}, hashtext(${quoteLiteral(id)} || ' ' || NEW.${from}::text));
  END IF;
${copy}`;
}

/** The steps after which the triggers `UPDATE OF` some columns are fired by the update of other ones. */
export function updateTriggers(
  table: string,
  triggers: readonly Trigger[],
  columnsNow: (columns: readonly string[]) => readonly string[],
): Step[] {
  return triggers.flatMap(({ name, definition, updateOf, enabled }) => {
    const columns = updateOf && columnsNow(updateOf.columns);
    if (!columns || columns.join() === updateOf.columns.join()) return [];
    const event = `UPDATE OF ${columns.map(quoteIdentifier).join(', ')}`;
    const replaced = definition
      .replace(/^CREATE TRIGGER/, () => 'CREATE OR REPLACE TRIGGER')
      .replace(updateOf.sql, () => event);
    const state = STATES[enabled]; // which a trigger that is replaced loses
    return {
      purpose: `have trigger ${name} fire for ${columns.join(', ')}`,
      sql: [
        replaced,
        ...(state === undefined ? [] : [alterTableSql(table, `${state} TRIGGER ${quoteIdentifier(name)}`)]),
      ].join(';\n'),
      onShadows: [],
      locks: [{ table, mode: 'SHARE ROW EXCLUSIVE' as const }],
    };
  });
}

const STATES: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };
