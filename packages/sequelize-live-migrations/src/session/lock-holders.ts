/** How long to watch sessions whose age is not known before the first attempt at a lock. */
const FIRST_LOOK_MS = 80;
/** How long the end of a session counts for what is to be expected of others. */
const REMEMBERED_MS = 10_000;
const LONGEST_LIFE_MS = 1000;
/** Even a session that is expected to be gone soon may be there for so long. */
const SHORT_LIFE_MS = 50;
/** Where the locks are not expected to be free within the timeout: the rest of the session that ends next. */
const ABOUT_TO_END_MS = 13;
/** How long to wait for a time at which the locks are expected to be free. */
const PATIENCE_MS = 1000;

/** What to do about a lock that others hold. */
export type Advice =
  | { readonly kind: 'ask' }
  | { readonly kind: 'wait' }
  /** A session has held it for longer than others do: whoever asked would time out, and others would have waited behind it. */
  | { readonly kind: 'hung'; readonly holder: string };

/**
 * The transactions that hold a conflicting lock, as they were seen one time after another, and what is to be expected of
 * them. A transaction's age counts from when it was first seen, so no privilege to see others is needed.
 *
 * A lock that is asked for while somebody else has it makes everybody else wait behind it. So it is asked for only when
 * those who have it are about to end, going by how long others have had it. The numbers were measured: see the bench
 * `stall`.
 */
export class LockHolders {
  private readonly firstSeen = new Map<string, number>();
  private ended: { readonly at: number; readonly life: number }[] = [];

  /** When the first look was, in milliseconds like all other times here. */
  private begun: number | undefined;

  /** Takes note of the transactions that hold a conflicting lock. */
  see(holders: readonly string[], now: number): void {
    this.begun ??= now;
    for (const [holder, since] of this.firstSeen) {
      if (holders.includes(holder)) continue;
      this.firstSeen.delete(holder);
      // Of those that were there at the first look, only the end is known.
      if (since !== this.begun) this.ended.push({ at: now, life: Math.min(now - since, LONGEST_LIFE_MS) });
    }
    for (const holder of holders) {
      if (!this.firstSeen.has(holder)) this.firstSeen.set(holder, now);
    }
    this.ended = this.ended.filter(({ at }) => now - at < REMEMBERED_MS);
  }

  /** @param timeoutMs how long an attempt would wait */
  advise(timeoutMs: number, now: number): Advice {
    if (this.firstSeen.size === 0) return { kind: 'ask' };
    const life = this.usualLife();
    const oldest = [...this.firstSeen].reduce((one, other) => (other[1] < one[1] ? other : one));
    if (now - oldest[1] > Math.max(SHORT_LIFE_MS, 1.3 * life)) return { kind: 'hung', holder: oldest[0] };
    const watched = now - (this.begun ?? now);
    if (watched < FIRST_LOOK_MS) return { kind: 'wait' };
    const rests = [...this.firstSeen.values()].map((since) => life - (now - since));
    if (Math.max(...rests) <= timeoutMs) return { kind: 'ask' };
    const isUnpredictable = watched > PATIENCE_MS;
    return isUnpredictable && Math.min(...rests) <= ABOUT_TO_END_MS ? { kind: 'ask' } : { kind: 'wait' };
  }

  /** The life that nine of ten transactions do not exceed. */
  private usualLife(): number {
    const lives = this.ended.map(({ life }) => life).sort((one, other) => one - other);
    return lives[Math.floor(0.9 * (lives.length - 1))] ?? 0;
  }
}
