import { createHash } from 'node:crypto';

/** What an undo puts before the name of a column or a table that it sets aside. */
export const KEPT_ASIDE = 'undone_';

/** `undone_status`; of a name that would be too long for an identifier (manual, 4.1.1), as much as fits and a hash. */
export function keptAsideName(name: string): string {
  return withPrefix(KEPT_ASIDE, name);
}

/** What takes the place of a name that was set aside gets this before its own, where both are to be kept. */
export function replacedName(name: string): string {
  return withPrefix('replaced_', name);
}

/** The names of tables, and those that they have where an undo has set them aside, or they were in its way. */
export function withKeptAside(tables: readonly string[]): string[] {
  return [...tables, ...tables.map(keptAsideName), ...tables.map(replacedName)];
}

const LONGEST_NAME = 63;

function withPrefix(prefix: string, name: string): string {
  const whole = prefix + name;
  if (Buffer.byteLength(whole) <= LONGEST_NAME) return whole;
  const ending = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  let cut = whole;
  while (Buffer.byteLength(cut + ending) > LONGEST_NAME) cut = cut.slice(0, -1);
  return cut + ending;
}
