import type { Place } from '../../place';
import type { Step } from '../../plan';
import { serverMessageOf } from '../../postgres';

/**
 * The error for steps that have failed: the server's own words, what they were for and where, and what was left as it was.
 *
 * @param outcome what is true of the migration: `Nothing of this migration was done.`
 */
export function failureOf(
  { database, schema }: Place,
  steps: readonly Step[],
  outcome: string,
  cause: unknown,
): Error {
  const named = steps.slice(0, NAMED).map(({ purpose }) => purpose);
  const more = steps.length > NAMED ? ` and ${String(steps.length - NAMED)} more` : '';
  const purposes = named.join(', ') || 'write the migration log';
  const failed = `Could not ${purposes}${more}, in database ${database}, schema ${schema}.`;
  return new Error(`${serverMessageOf(cause)}. ${failed} ${outcome}`, { cause });
}

/** The server does not say which of several statements has failed, but its message names the object. */
const NAMED = 3;
