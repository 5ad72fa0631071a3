import { createHash } from 'node:crypto';
import { LONGEST_NAME } from '../postgres';
import { cutName, isTooLong } from '../vocabulary';

/**
 * Comes before the name of a column or a table that is kept aside. Never to be changed, like the prefix of
 * `replacedName`: existing databases have names with them.
 */
export const KEPT_ASIDE = 'undone_';

/** `undone_status`. A name that would be too long for an identifier (manual, 4.1.1) is cut, and ends in a hash. */
function keptAsideName(name: string): string {
  return withPrefix(KEPT_ASIDE, name);
}

/** The names under which a migration may keep something aside: the second one where something else has the first. */
export function keptAsideNames(name: string, migration: string): readonly [string, string] {
  return [keptAsideName(name), withPrefix(KEPT_ASIDE, `${name}_${hashOf(migration)}`)];
}

/**
 * `replaced_status`: the name for what has been created in the place of something that is kept aside, once the latter
 * has its name again.
 */
export function replacedName(name: string): string {
  return withPrefix(REPLACED, name);
}

const REPLACED = 'replaced_';

/** The name that something had before a migration has kept it aside, or had it replaced; or else its name. */
export function originalName(name: string, migration: string): string {
  const prefix = [KEPT_ASIDE, REPLACED].find((candidate) => name.startsWith(candidate));
  if (prefix === undefined) return name;
  const own = name.slice(prefix.length);
  const ending = `_${hashOf(migration)}`;
  return own.endsWith(ending) ? own.slice(0, -ending.length) : own;
}

/** Some names, those under which migrations may keep them aside, and those of what was created in their place. */
export function withKeptAside(names: readonly string[], migrations: readonly string[]): string[] {
  const aside = names.flatMap((name) => migrations.flatMap((migration) => keptAsideNames(name, migration)));
  return [...new Set([...names, ...names.map(keptAsideName), ...aside, ...names.map(replacedName)])];
}

/** A name after a prefix; one that would be too long is cut, and ends in a hash. */
export function withPrefix(prefix: string, name: string): string {
  return fitting(prefix + name, name);
}

/** A name, or where it would be too long, its beginning and a hash. */
export function fitting(name: string, hashed = name): string {
  if (!isTooLong(name)) return name;
  const ending = `_${hashOf(hashed)}`;
  return cutName(name, LONGEST_NAME - Buffer.byteLength(ending)) + ending;
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
