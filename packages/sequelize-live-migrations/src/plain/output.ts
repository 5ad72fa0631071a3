const METHODS = ['log', 'info', 'debug'] as const;

/** Runs work that may print, where the output of the command is a script. */
export async function withOutputOnStderr<T>(work: () => Promise<T>): Promise<T> {
  const { log, info, debug } = console;
  for (const method of METHODS) console[method] = console.error;
  try {
    return await work();
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
