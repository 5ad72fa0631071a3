import { messageOf } from '../errors';
import type { Step } from '../plan';

/**
 * What to say where steps have failed: what they were for, what the server said, and what was left.
 *
 * @param left what is true of the migration: `Nothing of this migration was done.`
 */
export function failureOf(steps: readonly Step[], left: string, cause: unknown): Error {
  const purposes = steps.map(({ purpose }) => purpose).join(', ') || 'record the migration';
  return new Error(`Could not ${purposes}: ${messageOf(cause)}. ${left}`, { cause });
}
