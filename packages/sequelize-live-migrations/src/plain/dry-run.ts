import { sqlStateOf } from '../postgres';
import { isLockTimeout, type Run, withLockRetries, withRoute } from '../session';
import { failureOf } from './explain';
import { EndedError, NotInTransactionError } from './failures';
import { LearnedLocks } from './learned-locks';
import { nameNestedTransactions } from './nested-transactions';
import { OneTransaction } from './one-transaction';
import { noteOwnSessions } from './own-sessions';
import type { PlainMigration } from './run-plain';
import { namesIn, warningsBetween } from './replicated-names';
import { settled } from './settled';
import type { Sent } from './stand-in';
import { watchTransaction } from './watch-transaction';

/** What a plain migration has done in a transaction that was rolled back. */
export interface DryRun {
  /** What it has sent, in order. */
  readonly sent: readonly Sent[];
  /** What it would mean for those who replicate its tables. */
  readonly warnings?: readonly string[];
  /** How it has failed. */
  readonly failure?: string;
  /** Why it was not run. */
  readonly notRun?: string;
}

type ToTry = Omit<PlainMigration, 'logChange'>;

/**
 * Runs plain migrations one after the other in one transaction, with the guards of `runPlain`, and rolls it back: each
 * finds what those before it leave. One that cannot be in a transaction is left out, and so is what comes after a failure.
 *
 * @returns what each has done, by its name
 * @throws where a lock is not had in time
 */
export async function dryRunPlain(
  run: Run,
  migrations: readonly ToTry[],
): Promise<ReadonlyMap<string, DryRun>> {
  noteOwnSessions();
  nameNestedTransactions(run.sequelize);
  const leftOut = new Map<string, DryRun>();
  for (const { name, reason } of migrations) {
    if (reason !== undefined) leftOut.set(name, { sent: [], notRun: CANNOT_BE_UNDONE });
  }
  for (;;) {
    const left = migrations.filter(({ name }) => !leftOut.has(name));
    const { done, found } = await inOneTransaction(run, left);
    if (!found) return new Map([...leftOut, ...done]);
    leftOut.set(found.name, { sent: [], notRun: found.why });
  }
}

const CANNOT_BE_UNDONE = 'what cannot be in a transaction cannot be rolled back';

interface Tried {
  readonly done: ReadonlyMap<string, DryRun>;
  /** One that turned out not to be possible in this transaction: then the others are tried without it. */
  readonly found?: { readonly name: string; readonly why: string };
}

function inOneTransaction(run: Run, migrations: readonly ToTry[]): Promise<Tried> {
  const locks = new LearnedLocks('Nothing was changed.');
  return withLockRetries(run, locks, async (timeoutMs) => {
    const transaction = await OneTransaction.begin(run, timeoutMs);
    const watching = watchTransaction(run, transaction, locks);
    try {
      return await tryEach(run, transaction, migrations, timeoutMs);
    } finally {
      await watching.end();
      await transaction.close();
    }
  });
}

async function tryEach(
  run: Run,
  transaction: OneTransaction,
  migrations: readonly ToTry[],
  timeoutMs: number,
): Promise<Tried> {
  const done = new Map<string, DryRun>();
  const settings = await transaction.settings();
  let names = await namesIn(run, transaction);
  let failed: string | undefined;
  for (const migration of migrations) {
    const { name } = migration;
    if (failed !== undefined) {
      done.set(name, { sent: [], notRun: `${failed}, before it, fails` });
      continue;
    }
    const first = transaction.sent.length;
    const failure = await tryOne(run, transaction, migration, () => transaction.next(settings, timeoutMs));
    const before = [...done.keys()].at(-1);
    if (failure instanceof NotInTransactionError)
      return { done, found: { name, why: whyNot(failure, before) } };
    if (isLockTimeout(failure)) throw failure;
    if (failure !== undefined) failed = name;
    const now = failure === undefined && names ? await namesIn(run, transaction, names) : names;
    done.set(name, {
      sent: transaction.sent.slice(first),
      ...(names && now ? { warnings: warningsBetween(names, now) } : {}),
      ...(failure === undefined ? {} : { failure: explained(migration, failure, before) }),
    });
    names = now;
  }
  return { done };
}

/** @returns its failure, if it has failed */
async function tryOne(
  run: Run,
  transaction: OneTransaction,
  migration: ToTry,
  atEnd: () => Promise<void>,
): Promise<unknown> {
  try {
    const call = await migration.load(true);
    const running = { ...migration, outcome: ROLLED_BACK };
    const work = withRoute(run.sequelize, transaction, () =>
      withOutputOnStderr(() => settled(call, transaction, running)),
    );
    await Promise.race([work, transaction.stopped]);
    transaction.assertComplete();
    await atEnd();
    return undefined;
  } catch (error) {
    return transaction.failure ?? error;
  }
}

/** What the server says only because the transaction of those before is not committed: a new value of an enum, pending triggers. */
const AFTER_OTHERS: readonly string[] = ['55P04', '55006'];

function whyNot(failure: NotInTransactionError, before: string | undefined): string {
  const isAfterOthers = before !== undefined && AFTER_OTHERS.includes(sqlStateOf(failure.cause) ?? '');
  return isAfterOthers
    ? `${failure.message}, as long as what is before it is not committed: ${runFirst(before)}`
    : `${failure.message}, and ${CANNOT_BE_UNDONE}`;
}

const ROLLED_BACK = 'It was rolled back.';

function explained(migration: ToTry, failure: unknown, before: string | undefined): string {
  const isAmongOthers = failure instanceof EndedError && before !== undefined;
  const advice = isAmongOthers ? ` What is before it held its locks meanwhile: ${runFirst(before)}.` : '';
  return failureOf(migration, failure, `${ROLLED_BACK}${advice}`).message;
}

function runFirst(name: string): string {
  return `run that first, npx sequelize-cli db:migrate --to ${name}`;
}

const PRINTING = ['log', 'info', 'debug'] as const;

/** Runs work that may print, where the output of the command is a script. */
async function withOutputOnStderr<T>(work: () => Promise<T>): Promise<T> {
  const { log, info, debug } = console;
  for (const method of PRINTING) console[method] = console.error;
  try {
    return await work();
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
