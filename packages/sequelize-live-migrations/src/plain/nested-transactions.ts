import type { Sequelize } from 'sequelize';
import { isRouted } from '../session';

/** A transaction of Sequelize. One in another one, its parent, is a savepoint, and what it is called is `name`. */
interface Transaction {
  readonly parent?: Transaction;
  name?: string;
}

type Method = (this: unknown, transaction: Transaction, ...others: readonly unknown[]) => Promise<unknown>;

/** The names of the savepoints of nested transactions, each its own. */
const names = new WeakMap<Transaction, string>();
const prepared = new WeakSet<object>();
let count = 0;

/**
 * Has each transaction in a transaction be a savepoint with a name of its own, in migrations. Sequelize 6 gives one that is
 * nested twice the name of the one that it is in, and renames that one when another begins in it: so its rollback goes
 * back to the last savepoint only, and keeps rows that were written before that.
 */
export function nameNestedTransactions(sequelize: Sequelize): void {
  const prototype: unknown = Object.getPrototypeOf(sequelize.getQueryInterface());
  if (!hasTransactions(prototype))
    throw new Error('Sequelize 6 is needed: its query interface is not as expected.');
  if (prepared.has(prototype)) return;
  prepared.add(prototype);
  const { startTransaction, rollbackTransaction } = prototype;
  const named = (method: Method): Method =>
    async function (transaction, ...others) {
      const { parent } = transaction;
      const name = parent && names.get(transaction);
      if (name === undefined) return method.call(this, transaction, ...others);
      const nameOfParent = parent?.name;
      transaction.name = name;
      const done = method.call(this, transaction, ...others); // which has written its SQL when it returns
      if (parent) Object.assign(parent, { name: nameOfParent });
      return done;
    };
  const start = named(startTransaction);
  Object.assign(prototype, {
    startTransaction(this: unknown, transaction: Transaction, ...others: readonly unknown[]) {
      if (transaction.parent && isRouted()) names.set(transaction, `nested-${String((count += 1))}`);
      return start.call(this, transaction, ...others);
    },
    rollbackTransaction: named(rollbackTransaction),
  });
}

function hasTransactions(
  value: unknown,
): value is { readonly startTransaction: Method; readonly rollbackTransaction: Method } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'startTransaction' in value &&
    'rollbackTransaction' in value
  );
}
