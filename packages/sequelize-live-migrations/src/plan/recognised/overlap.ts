import { type Column, columnNamed, hashOf, type Table, withPrefix } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { dropUnlessUsedSql } from '../draft/alter';
import { type Conversion, convertedSql } from '../draft/types';

// Two columns of a table that are equal in every row: the one that the release of the application before reads and writes,
// and the one of the release after. How that comes about, and why in this way, is in overlap/triggers.ts.
//
// Or the second one is of another type, and waits until it takes the place of the first one: then nobody writes it.

export interface Overlap {
  readonly table: string;
  /** The column that has had the value of every row from the beginning. */
  readonly source: string;
  /** The one beside it. */
  readonly target: string;
  /** In the names of its triggers and functions, and of its setting. */
  readonly id: string;
  /** Where the target is of another type than the source. */
  readonly conversion?: Conversion;
}

/** A new overlap of two columns. The names of its functions are those of the whole schema. */
export function overlapBetween(table: string, source: string, target: string): Overlap {
  const readable = `${table}_${target}`.replace(/\W/g, '_').slice(0, LONGEST_READABLE);
  return { table, source, target, id: `${readable}_${hashOf(JSON.stringify([table, source, target]))}` };
}

const LONGEST_READABLE = 36;

/** The overlap that a column is in; undefined where it is in none. */
export function overlapOf(table: Table, column: string): Overlap | undefined {
  return overlapsOf(table).find(({ source, target }) => source === column || target === column);
}

/** The overlaps of a table, which the defaults of its columns tell. */
export function overlapsOf(table: Table): Overlap[] {
  return table.columns.flatMap(({ name, type, default: value }) => {
    const isConversion = CONVERSION_MARKER.test(value ?? '');
    const [, id, quoted] = (isConversion ? CONVERSION_MARKER : MARKER).exec(value ?? '') ?? [];
    const source = quoted?.replaceAll("''", "'").replaceAll('\\\\', '\\');
    const column = source === undefined ? undefined : columnNamed(table, source);
    if (id === undefined || !column) return [];
    const overlap = { table: table.name, source: column.name, target: name, id };
    return [isConversion ? { ...overlap, conversion: { from: column.type, to: type } } : overlap];
  });
}

/** The column of another type that waits to take the place of a column; undefined where none does. */
export function conversionOf(table: Table, column: string): Converting | undefined {
  return overlapsOf(table).find(
    (one): one is Converting => one.conversion !== undefined && one.source === column,
  );
}

/** An overlap of two columns of different types. */
export type Converting = Overlap & { readonly conversion: Conversion };

/** A new overlap of a column and of one of another type. */
export function convertingBetween(
  table: string,
  source: string,
  target: string,
  conversion: Conversion,
): Converting {
  return { ...overlapBetween(table, source, target), conversion };
}

/** The value of the target, from an SQL expression of that of the source. */
export function targetValueSql({ conversion }: Overlap, source: string): string {
  return conversion ? convertedSql(conversion, source) : source;
}

/** The other one of the two columns. */
export function otherOf({ source, target }: Overlap, column: string): string {
  return column === source ? target : source;
}

/** The comment of a column that is kept aside after an overlap says with which one that was. */
export const OVERLAPPED = 'Overlapped with ';

/** The column with which one that is kept aside has overlapped, by its comment. */
export function overlappedWith(comment: string | null): string | undefined {
  const [, other] = comment?.split(`\n\n${OVERLAPPED}`) ?? [];
  return other;
}

/** What PostgreSQL prints of `markerSql`. */
const MARKER = /set_config\('overlap\.(\w+)'::text, E?'((?:[^']|'')*)'::text, true\)/;

/** What PostgreSQL prints of `markerSql` for another type. */
const CONVERSION_MARKER = /CASE\s+WHEN \(E?'conversion (\w+) of ((?:[^']|'')*)'::text IS NULL\)/;

/**
 * The default of the target, which is null, and which marks that an INSERT does not give that column: in a setting of the
 * transaction, which the first trigger resets for each row.
 */
export function markerSql({ id, source, conversion }: Overlap, { type }: Column): string {
  // Nobody inserts a column of another type: there is only to be seen what it is.
  const seen = `CASE WHEN ${quoteLiteral(`conversion ${id} of ${source}`)}::text IS NULL THEN NULL::${type} END`;
  if (conversion) return seen;
  const mark = `set_config(${quoteLiteral(settingOf(id))}, ${quoteLiteral(source)}, true)`;
  return `CASE WHEN ${mark} IS NULL THEN NULL::${type} END`;
}

/** The name of the setting that is the mark. */
export function settingOf(id: string): string {
  return `overlap.${id}`;
}

/** The name of the index or the constraint of one column that is like that of the other. */
export function copyName(name: string): string {
  return withPrefix('overlap_', name);
}

/** The names of the copies of an index or a constraint, and of their copies, among some names of a table in an overlap. */
export function copiesOf(
  name: string,
  tables: readonly (Table | undefined)[],
  among: readonly { readonly name: string }[],
): string[] {
  const copy = copyName(name);
  const isInOverlap = tables.some((table) => table && overlapsOf(table).length > 0);
  if (!isInOverlap || !among.some((one) => one.name === copy)) return [];
  return [copy, ...copiesOf(copy, tables, among)];
}

/** The names of the functions of an overlap's triggers. */
export function functionsOf({ id }: Overlap): { first: string; last: string } {
  return { first: `overlap_first_${id}`, last: `overlap_last_${id}` };
}

/** The statements that drop those functions when their table is dropped, except where somebody has another trigger use one. */
export function dropFunctionsSql(table: Table): string[] {
  return overlapsOf(table).flatMap((overlap) =>
    Object.values(functionsOf(overlap)).map((name) =>
      dropUnlessUsedSql(`FUNCTION IF EXISTS ${quoteIdentifier(name)}()`),
    ),
  );
}
