import path from 'node:path';
import type { Sequelize, Transaction } from 'sequelize';

/**
 * Keeps the record of which migrations have run. Where the storage has given one, the runner writes the
 * record in the transaction of the change itself, so that a crash leaves both or neither.
 */
export interface RecordKeeper {
  record(name: string, transaction: Transaction): Promise<void>;
  erase(name: string, transaction: Transaction): Promise<void>;
}

const keepers = new WeakMap<Sequelize, RecordKeeper>();

/** From now on, migrations that run through `sequelize` are recorded by `keeper`. */
export function recordThrough(sequelize: Sequelize, keeper: RecordKeeper): void {
  keepers.set(sequelize, keeper);
}

/** Undefined under a storage that is not ours, such as stock umzug's, which then keeps the record itself. */
export function recordKeeperOf(sequelize: Sequelize): RecordKeeper | undefined {
  return keepers.get(sequelize);
}

/**
 * The name under which a migration is recorded: that of the compiled file, whatever ran it. A database that
 * knew `x.ts` besides would run `x.js` again.
 */
export function recordedName(file: string): string {
  return path.basename(file).replace(/\.[cm]?[jt]s$/, '.js');
}
