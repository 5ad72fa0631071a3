import { messageOf } from '../config/errors';

/** Runs an npm script's work: a failure is one line on stderr and exit code 1. */
export function runTask(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    console.error(`ERROR: ${messageOf(error)}`);
    process.exitCode = 1;
  });
}
