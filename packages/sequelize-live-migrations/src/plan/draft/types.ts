import { quoteIdentifier, quoteLiterals } from '../../postgres';

// Which values types hold.

/**
 * Whether a type holds every value of another one, and shows it to the application in the same way: a database that is
 * ahead of a migration has such a type. Not citext, json for jsonb, or another kind of timestamp, which compare or show
 * values otherwise.
 */
export function containsType(type: string, other: string): boolean {
  const [most, mostOfOther] = [mostOf(type), mostOf(other)];
  if (most !== undefined && mostOfOther !== undefined) return most >= mostOfOther;
  const [length, lengthOfOther] = [lengthOf(type), lengthOf(other)];
  if (other === 'text' || length === undefined || lengthOfOther === undefined) return false;
  return length >= lengthOfOther;
}

/** How long a text of a type may be; undefined for a type of no text. */
export function lengthOf(type: string): number | undefined {
  if (/^text$/i.test(type)) return Infinity;
  const found = /^(?:varchar|character varying)(?:\((\d+)\))?$/i.exec(type);
  return found ? Number(found[1] ?? Infinity) : undefined;
}

// The changes of a type for which PostgreSQL rewrites a table, and which lose no value in one direction: from a number to
// one of a larger range, or of more digits. In the other direction a value may not fit.

/** From one type to another, as PostgreSQL prints them. */
export interface Conversion {
  readonly from: string;
  readonly to: string;
}

/** Whether each value of a type has its equal in another type. */
export function isLossless({ from, to }: Conversion): boolean {
  const [narrow, wide] = [rangeOf(from), rangeOf(to)];
  if (!narrow || !wide || from === to) return false;
  if (!wide.bounds) return true;
  if (!narrow.bounds || narrow.scale > wide.scale) return false;
  return narrow.bounds.least >= wide.bounds.least && narrow.bounds.most <= wide.bounds.most;
}

/** An SQL expression of a value in the other type: null where it does not fit into that. */
export function convertedSql(conversion: Conversion, value: string): string {
  const { from, to } = conversion;
  const range = rangeOf(to);
  if (isLossless(conversion) || !range?.bounds) return `${value}::${to}`;
  const { least, most } = range.bounds;
  const isWhole = (rangeOf(from)?.scale ?? Infinity) <= range.scale;
  const conditions = [
    `${value} > ${String(least - 1n)}`,
    `${value} < ${String(most + 1n)}`,
    ...(isWhole ? [] : [`${value} = round(${value}, ${String(range.scale)})`]),
  ];
  return `CASE WHEN ${conditions.join(' AND ')} THEN ${value}::${to} END`;
}

/** The largest number of an integer type; undefined for another type. */
export function mostOf(type: string): bigint | undefined {
  return BITS.has(type) ? rangeOf(type)?.bounds?.most : undefined;
}

/** The numbers that a type has. */
interface Range {
  /** The least and the most of the whole numbers; undefined for those of any length. */
  readonly bounds?: { readonly least: bigint; readonly most: bigint };
  /** How many digits are after the decimal point at most. */
  readonly scale: number;
}

/** The numbers of a type; undefined for one that has no numbers, or only approximate ones. */
function rangeOf(type: string): Range | undefined {
  const bits = BITS.get(type);
  if (bits !== undefined) {
    const limit = 2n ** BigInt(bits - 1);
    return { bounds: { least: -limit, most: limit - 1n }, scale: 0 };
  }
  if (type === 'numeric') return { scale: Infinity };
  const [, precision, scale] = /^numeric\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined || scale === undefined) return undefined;
  const most = 10n ** BigInt(Math.max(Number(precision) - Number(scale), 0)) - 1n;
  return { bounds: { least: -most, most }, scale: Number(scale) };
}

const BITS: ReadonlyMap<string, number> = new Map([
  ['smallint', 16],
  ['integer', 32],
  ['bigint', 64],
]);

/** What to write for a type that is neither changed nor prepared. */
export function newColumnInstead(table: string, column: string, type: string): string {
  const backfill = JSON.stringify(`${quoteIdentifier(column)}::${type}`);
  const args = quoteLiterals([table, `new_${column}`]);
  return (
    `Add a column of the new type, schema.addColumn(${args}, { …, allowNull: false, backfill: literal(${backfill}) }), let the ` +
    `application write both, and remove ${column} with a later release`
  );
}
