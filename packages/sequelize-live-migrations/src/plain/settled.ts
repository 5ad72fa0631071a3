import { failureOf, type Subject } from './explain';
import type { OneTransaction } from './one-transaction';

/** A migration that runs, and what is true of the database if it ends the process. */
export interface Running extends Subject {
  readonly outcome: string;
}

/**
 * Runs work until it has settled, and so has what it has begun without waiting for it. A promise of it that is rejected
 * with nobody to notice is its failure: otherwise Node.js would end the process, or the rest would be committed. So is an
 * error of a callback, at once: what waits for that callback would wait for ever.
 */
export async function settled(
  work: () => unknown,
  transaction: Pick<OneTransaction, 'untilIdle'>,
  running: Running,
): Promise<void> {
  const unnoticed: unknown[] = [];
  const notice = (error: unknown) => unnoticed.push(error);
  process.on('unhandledRejection', notice);
  const callbacks = firstUncaught();
  const isOver = failIfExited(running);
  try {
    const returned = work();
    if (!isPromise(returned)) throw new Error('It did not return a promise: make it an async function');
    await Promise.race([returned, callbacks.failure]);
    await transaction.untilIdle();
    if (unnoticed.length > 0) throw unnoticed[0];
  } finally {
    await transaction.untilIdle();
    process.off('unhandledRejection', notice);
    callbacks.forget();
    isOver();
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** The first error that nobody catches. Node.js would end the process with it, and say nothing of the database. */
function firstUncaught(): { readonly failure: Promise<never>; readonly forget: () => void } {
  let fail: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  failure.catch(() => undefined); // it may be that nobody waits for it any more
  process.on('uncaughtException', fail);
  return { failure, forget: () => process.off('uncaughtException', fail) };
}

/**
 * Has the process fail, and say what is true of the database, where a migration calls `process.exit`: its exit code, most
 * often 0, would say that the command has done what it was to do.
 *
 * @returns what to call when the migration has ended
 */
function failIfExited({ outcome, ...subject }: Running): () => void {
  const fail = (code: number) => {
    const error = new Error('It calls process.exit, which ends this command'); // the stack has the line that calls it
    // With another code, and without the migration in the stack, this package itself has said why.
    if (code !== 0 && error.stack?.includes(subject.name) !== true) return;
    console.error(`ERROR: ${failureOf(subject, error, outcome).message}`);
    process.exitCode = 1;
  };
  process.once('exit', fail);
  return () => process.off('exit', fail);
}
