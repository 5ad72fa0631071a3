import { messageOf } from '../errors';
import type { Step } from '../plan';

/**
 * Waits for what a step does.
 *
 * @param left what is true of the migration if it fails
 * @throws the server's error, with what the step was for and what was left
 */
export async function explained<T>({ purpose }: Step, left: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`Could not ${purpose}: ${messageOf(error)}. ${left}`, { cause: error });
  }
}
