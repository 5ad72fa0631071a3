import { type Column, columnNamed, hashOf, type Table, withPrefix } from '../catalog';
import { quoteIdentifier, quoteLiteral, type TableLockMode } from '../postgres';
import type { Step } from './step';

// Two columns of a table that are equal in every row: the one that the release of the application before reads and writes,
// and the one of the release after. How that comes about, and why in this way, is in overlap-triggers.ts.

export interface Overlap {
  readonly table: string;
  /** The column that has had the value of every row from the beginning. */
  readonly source: string;
  /** The one beside it. */
  readonly target: string;
  /** In the names of its triggers and functions, and of its setting. */
  readonly id: string;
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
  return table.columns.flatMap(({ name, default: value }) => {
    const [, id, quoted] = MARKER.exec(value ?? '') ?? [];
    const source = quoted?.replaceAll("''", "'").replaceAll('\\\\', '\\');
    if (id === undefined || source === undefined || !columnNamed(table, source)) return [];
    return [{ table: table.name, source, target: name, id }];
  });
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

/**
 * The default of the target, which is null, and which marks that an INSERT does not give that column: in a setting of the
 * transaction, which the first trigger resets for each row.
 */
export function markerSql({ id, source }: Overlap, { type }: Column): string {
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

/** A step that changes a table. */
export function alterStep(
  table: string,
  purpose: string,
  sql: readonly string[],
  mode: TableLockMode = 'ACCESS EXCLUSIVE',
): Step {
  return { purpose, sql: sql.join(';\n'), locks: [{ table, mode }] };
}

/** `ALTER TABLE "pets" ALTER COLUMN "name" SET NOT NULL` */
export function alterColumnSql(table: string, column: string, action: string): string {
  return `ALTER TABLE ${quoteIdentifier(table)} ALTER COLUMN ${quoteIdentifier(column)} ${action}`;
}
