import { serverMessageOf } from '../../postgres';
import type { Step } from '../../plan';

/**
 * The error for steps that have failed: what they were for, the server's own words, and what was left as it was.
 *
 * @param outcome what is true of the migration: `Nothing of this migration was done.`
 */
export function failureOf(steps: readonly Step[], outcome: string, cause: unknown): Error {
  const named = steps.slice(0, NAMED).map(({ purpose }) => purpose);
  const more = steps.length > NAMED ? ` and ${String(steps.length - NAMED)} more` : '';
  const purposes = named.join(', ') || 'write the migration log';
  return new Error(`Could not ${purposes}${more}: ${serverMessageOf(cause)}. ${outcome}`, { cause });
}

/** The server does not say which of several statements has failed, but its message names the object. */
const NAMED = 3;
