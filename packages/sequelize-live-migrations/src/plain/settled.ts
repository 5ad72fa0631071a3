import type { OneTransaction } from './one-transaction';

/**
 * Runs work until it has settled, and so has what it has begun without waiting for it. A promise of it that is rejected
 * with nobody to notice is its failure: otherwise Node.js would end the process, or the rest would be committed.
 */
export async function settled(
  work: () => unknown,
  transaction: Pick<OneTransaction, 'untilIdle'>,
): Promise<void> {
  const unnoticed: unknown[] = [];
  const notice = (error: unknown) => unnoticed.push(error);
  process.on('unhandledRejection', notice);
  try {
    const returned = work();
    if (!isPromise(returned)) throw new Error('It did not return a promise: make it an async function');
    await returned;
    await transaction.untilIdle();
    if (unnoticed.length > 0) throw unnoticed[0];
  } finally {
    await transaction.untilIdle();
    process.off('unhandledRejection', notice);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
