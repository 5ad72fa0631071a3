import { serverMessageOf } from '../../postgres';
import type { Step } from '../../plan';

/**
 * What to say where steps have failed: what they were for, what the server said, and what was left.
 *
 * @param outcome what is true of the migration: `Nothing of this migration was done.`
 */
export function failureOf(steps: readonly Step[], outcome: string, cause: unknown): Error {
  const named = steps.slice(0, NAMED).map(({ purpose }) => purpose);
  const others = steps.length > NAMED ? ` and ${String(steps.length - NAMED)} more` : '';
  const purposes = named.join(', ') || 'record the migration';
  return new Error(`Could not ${purposes}${others}: ${serverMessageOf(cause)}. ${outcome}`, { cause });
}

/** The server does not say which of several statements in one message it was; its message names the thing. */
const NAMED = 3;
