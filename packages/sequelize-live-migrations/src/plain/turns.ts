import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets one thing at a time happen on a connection, in the order in which they were asked for. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  take<T>(work: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const result = this.last.then(work);
    this.last = result.then(
      () => (this.waiting -= 1),
      () => (this.waiting -= 1),
    );
    return result;
  }

  get isIdle(): boolean {
    return this.waiting === 0;
  }

  /** Waits until all is done, and two turns of the event loop have brought nothing new. */
  async untilIdle(): Promise<void> {
    do {
      await this.last;
      await nextTurn();
      await nextTurn();
    } while (!this.isIdle);
  }
}
