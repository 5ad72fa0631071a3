import { distance } from 'fastest-levenshtein';

/** A name that is almost one that is read. */
export interface Misspelt {
  readonly typed: string;
  readonly meant: string;
}

/**
 * Names that are set and almost one of ours which is not set: `DATABSE_URL`. To swap two letters counts as two; of a short
 * name one letter may differ, since others may well have a `DB_USERS`.
 *
 * @param set all names that are set
 * @param ours those that are read
 */
export function misspelt(set: readonly string[], ours: readonly string[]): Misspelt[] {
  return ours
    .filter((name) => !set.includes(name))
    .flatMap((meant) => {
      const [typed] = set.filter((name) => !ours.includes(name) && distance(name, meant) <= letters(meant));
      return typed === undefined ? [] : [{ typed, meant }];
    });
}

function letters(name: string): number {
  return name.length < 10 ? 1 : 2;
}
