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
  return watch(run, pid, (waiting, client) => {
    const own = waiting.find((one) => one.pid === pid);
    if (own) {
      locks.learn(own);
      return; // its own wait has a limit, and so has that of those behind it
    }
    const [longest] = [...waiting].sort((one, other) => other.waitedMs - one.waitedMs);
    if (longest && longest.waitedMs > run.limits.lockTimeoutMs) {
      const isItself = transaction.isIdle && isOwnSession(longest.pid);
      transaction.stop(
        isItself
          ? waitsForItself(longest)
          : keepsOthersWaiting(
              longest,
              transaction.sent.map(({ text }) => text),
            ),
      );
      client.query(`SELECT pg_cancel_backend(${String(pid)})`).catch(() => undefined);
    } else if (transaction.isIdle && Date.now() - transaction.idleSince > PING_AFTER_MS) {
      transaction.ping();
    }
  });
}
