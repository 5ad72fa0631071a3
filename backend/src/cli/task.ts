/** Runs an npm script's work: a failure is one line on stderr and exit code 1. */
export function runTask(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    console.error(`ERROR: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
