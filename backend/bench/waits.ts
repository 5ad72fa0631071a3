/** One statement: when it began, counted from the start of what is measured, and how long it took. */
export interface Wait {
  readonly beganMs: number;
  readonly tookMs: number;
}

/** A moment, and how long the slowest statement waits that is under way then. */
export type Point = readonly [seconds: number, waitMs: number];

/** Of the statements that begin within so many milliseconds, only the slowest is remembered. */
export const REMEMBERED_MS = 20;

/** Remembers statements for a picture: at most 50 a second, however many there are. */
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
 * Cuts the time until `endMs` into slices, and gives where each begins and the longest wait of the statements that are
 * under way in it: one that waits for 5 s is a plateau, 5 s long, although it began at one moment, and although
 * nothing else begins while every connection waits. A slice in which nothing was seen is left out.
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
