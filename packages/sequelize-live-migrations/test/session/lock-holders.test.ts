import { LockHolders } from '../../src/session/lock-holders';

const TIMEOUT_MS = 30;
const POLL_MS = 8;

/** When each transaction begins and ends, in milliseconds. */
type Lives = Readonly<Record<string, readonly [number, number]>>;

/** Looks every few milliseconds from 0 on; when the lock is asked for, and what the last advice is before `until`. */
function watch(lives: Lives, until: number, timeoutMs = TIMEOUT_MS) {
  const holders = new LockHolders();
  const advices: string[] = [];
  for (let now = 0; now < until; now += POLL_MS) {
    holders.see(
      Object.keys(lives).filter((name) => isAt(lives, name, now)),
      now,
    );
    const advice = holders.advise(timeoutMs, now);
    advices.push(advice.kind);
    if (advice.kind === 'ask') return { askedAt: now, advices };
  }
  return { askedAt: undefined, advices };
}

function isAt(lives: Lives, name: string, now: number): boolean {
  const [begin, end] = lives[name] ?? [0, 0];
  return begin <= now && now < end;
}

/** Transactions of one length that begin at regular times, so many of them at every moment. */
function readers(length: number, atOnce: number, until: number): Lives {
  const distance = length / atOnce;
  const begins = Array.from(
    { length: Math.ceil((until + length) / distance) },
    (_, n) => n * distance - length,
  );
  return Object.fromEntries(begins.map((begin, n) => [`reader ${String(n)}`, [begin, begin + length]]));
}

it('a lock that nobody has is asked for at once', () => {
  expect(watch({}, 1).askedAt).toBe(0);
});

it('behind a session that has had it for long, nobody asks, until it has ended', () => {
  const { askedAt, advices } = watch({ 'a report': [-1000, 6000] }, 10_000);
  expect(askedAt).toBe(6000);
  expect(advices).toContain('hung');
});

it('a session that hangs behind short transactions is recognised after a short time', () => {
  const { advices } = watch({ ...readers(4, 1, 500), 'a report': [200, 6000] }, 400);
  expect(advices.filter((kind) => kind === 'hung').length).toBeLessThanOrEqual(1);
});

it('among short transactions it is asked for within the time that it takes to know them', () => {
  expect(watch(readers(10, 3, 1000), 1000).askedAt).toBeLessThanOrEqual(100);
});

it.each([2, 3])(
  'among %d readers that overlap it is asked for at last, and not before it may be had',
  (atOnce) => {
    const { askedAt } = watch(readers(400, atOnce, 20_000), 20_000, 140);
    expect(askedAt).toBeGreaterThan(400);
    expect(askedAt).toBeLessThan(2000);
  },
);

it('a session is called hung by what is known of others, once that is known', () => {
  const holders = new LockHolders();
  holders.see(['zeroth'], 0);
  holders.see(['first'], 10);
  expect(holders.advise(TIMEOUT_MS, 80)).toEqual({ kind: 'hung', holder: 'first' });
  holders.see(['second'], 410); // the first has lived for 400 ms
  expect(holders.advise(TIMEOUT_MS, 510)).toEqual({ kind: 'wait' });
  expect(holders.advise(TIMEOUT_MS, 790)).toEqual({ kind: 'ask' });
  expect(holders.advise(TIMEOUT_MS, 940)).toEqual({ kind: 'hung', holder: 'second' });
});

it('what was seen is forgotten after a while', () => {
  const holders = new LockHolders();
  holders.see([], 0);
  holders.see(['first'], 10);
  holders.see(['second'], 910);
  expect(holders.advise(TIMEOUT_MS, 1000)).toEqual({ kind: 'wait' });
  holders.see(['second'], 12_000);
  expect(holders.advise(TIMEOUT_MS, 12_000)).toEqual({ kind: 'hung', holder: 'second' });
});
