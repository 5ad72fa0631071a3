import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

interface Deadline {
  readonly timeoutMs?: number;
}

/**
 * Waits until a condition holds, and gives what it has found: anything but `undefined` and `false`.
 *
 * @param what for the error: what should have become true
 * @throws at the deadline, which is late enough for a busy machine. However long this process itself was kept from
 *   running, the condition is asked for once more at the end
 */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 30_000 }: Deadline = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const isLast = Date.now() >= deadline;
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (isLast) throw new Error(`Waited for ${String(timeoutMs)} ms, and it did not happen: ${what}`);
    await sleep(POLL_MS);
  }
}
