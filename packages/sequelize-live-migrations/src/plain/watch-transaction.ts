import type { Run } from '../session';
import { keepsOthersWaiting, waitsForItself } from './explain';
import type { LearnedLocks } from './learned-locks';
import type { OneTransaction } from './one-transaction';
import { isOwnSession } from './own-sessions';
import { watch } from './watch';

/** A pause after which the server hears of the session, as it ends one that is silent for long. */
const PING_AFTER_MS = 20_000;

/** Ends a transaction that keeps others waiting, or itself, and learns which locks it waits for. */
export function watchTransaction(run: Run, transaction: OneTransaction, locks: LearnedLocks) {
  const { pid } = transaction;
  return watch(run, pid, ({ own, tooLong, cancel }) => {
    if (own) {
      locks.learn(own);
    } else if (tooLong) {
      const isItself = transaction.isIdle && isOwnSession(tooLong.pid);
      const sent = transaction.sent.map(({ text }) => text);
      transaction.stop(isItself ? waitsForItself(tooLong) : keepsOthersWaiting(tooLong, sent));
      cancel();
    } else if (transaction.isIdle && Date.now() - transaction.idleSince > PING_AFTER_MS) {
      transaction.ping();
    }
  });
}
