import type { OnDatabase } from './on-database';
import { numberFrom } from './soak';

/** In the soak, each statement is cut. */
const isEach = numberFrom('SOAK_CUTS', 0) > 0;

/** What is done, how it is prepared, and what is left of it. */
export interface Cut {
  readonly before: () => Promise<void>;
  readonly work: () => Promise<void>;
  readonly contents: () => Promise<unknown>;
  /** Which statement is cut first, and how many are passed over until the next one that is. */
  readonly first: number;
  readonly stride: number;
  /** Whether nothing more is sent after that. */
  readonly staysCut?: boolean;
}

/**
 * Expects that what is cut before one of its statements is finished by doing it again, whichever that is.
 *
 * @returns how often it was cut
 */
export async function finishesWhereverCut(
  database: OnDatabase,
  { before, work, contents, first, stride, staysCut = false }: Cut,
): Promise<number> {
  await before();
  await work();
  const done = await contents();
  let cuts = 0;
  for (let n = isEach ? 1 : 1 + (first % stride); n < 600; n += isEach ? 1 : stride) {
    await before();
    let sent = 0;
    database.beforeStatement = () => {
      sent += 1;
      const isGone = sent === n || (staysCut && sent > n);
      return isGone ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
    };
    const isCut = await work().then(
      () => false,
      (error: unknown) => {
        if (sent < n) throw error;
        return true;
      },
    );
    database.beforeStatement = undefined;
    if (isCut) {
      cuts += 1;
      await work();
    }
    expect({ n, found: await contents() }).toEqual({ n, found: done });
    if (sent < n) return cuts;
  }
  throw new Error('It has sent more statements than were cut.');
}
