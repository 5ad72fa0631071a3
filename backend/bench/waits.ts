/** One statement: when it began, counted from the start of the measurement, and how long it took. */
export interface Wait {
  readonly beganMs: number;
  readonly tookMs: number;
}

/** A moment, and the duration of the slowest statement that is running then. */
export type Point = readonly [seconds: number, waitMs: number];

/** Of the statements that begin within so many milliseconds, only the slowest is kept. */
export const REMEMBERED_MS = 20;

/** Keeps statements for a picture: at most 50 a second, however many there are. */
export class SlowestWaits {
  private readonly slowest = new Map<number, Wait>();

  remember(wait: Wait): void {
    const slice = Math.floor(wait.beganMs / REMEMBERED_MS);
    if (wait.tookMs > (this.slowest.get(slice)?.tookMs ?? 0)) this.slowest.set(slice, wait);
  }

  all(): readonly Wait[] {
    return [...this.slowest.values()];
  }
}

/**
 * Divides the time until `endMs` into slices, and returns the start of each, with the longest wait of the statements that
 * are running in it. So a wait of 5 s is a plateau of 5 s, though it began at one moment, and though nothing else begins
 * while every connection waits. A slice without a statement is left out.
 */
export function longestUnderWay(waits: readonly Wait[], endMs: number, sliceMs: number): readonly Point[] {
  const slices = new Map<number, number>();
  const last = Math.ceil(endMs / sliceMs) - 1;
  for (const { beganMs, tookMs } of waits) {
    const until = Math.min(last, Math.floor((beganMs + tookMs) / sliceMs));
    for (let n = Math.max(0, Math.floor(beganMs / sliceMs)); n <= until; n += 1)
      slices.set(n, Math.max(slices.get(n) ?? 0, tookMs));
  }
  return [...slices].sort(([a], [b]) => a - b).map(([n, waitMs]) => [(n * sliceMs) / 1000, waitMs]);
}
