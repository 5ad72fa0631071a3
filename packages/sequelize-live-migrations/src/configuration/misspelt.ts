import { distance } from 'fastest-levenshtein';

/** A name that is almost one that is read. */
export interface Misspelt {
  readonly typed: string;
  readonly meant: string;
}

/**
 * Names that are set and almost one of ours which is not set: `DATABSE_URL`. To swap two letters counts as two; of a short
 * name one letter may differ. Another program may well have a `DB_HOSTS`, a `DATABASE_URL2` or a `DATABASE_URI` of its own:
 * these are words, and no slips.
 *
 * @param set all names that are set
 * @param ours those that are read
 */
export function misspelt(set: readonly string[], ours: readonly string[]): Misspelt[] {
  return ours
    .filter((name) => !set.includes(name))
    .flatMap((meant) => {
      const [typed] = set.filter((name) => !ours.includes(name) && isSlip(name, meant));
      return typed === undefined ? [] : [{ typed, meant }];
    });
}

function isSlip(name: string, meant: string): boolean {
  const isOfOthers =
    /^(S|_?\d+)$/.test(name.startsWith(meant) ? name.slice(meant.length) : '') || name.endsWith('_URI');
  return !isOfOthers && distance(name, meant) <= letters(meant);
}

function letters(name: string): number {
  return name.length < 10 ? 1 : 2;
}
