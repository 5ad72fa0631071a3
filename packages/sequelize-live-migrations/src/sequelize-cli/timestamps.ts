import type { Sequelize } from 'sequelize';
import { migrationLimits } from '../configuration';
import { afterCommit, inTransaction, withLockRetries } from '../session';
import { consoleReporter } from './console-reporter';
import { findLogTable, relationOf } from './log-table';

/**
 * Adds the columns with timestamps to the migration log, in place of sequelize-cli's own `db:migrate:schema:timestamps:add`:
 * that looks for the table of umzug's own storage, and makes a new one in several transactions.
 *
 * @param sequelize in a process that holds the lock of the run
 * @returns what to print
 * @throws where there is no migration log
 */
export async function addTimestamps(sequelize: Sequelize): Promise<string> {
  const table = await findLogTable(sequelize);
  const { name, exists, hasTimestamps } = table;
  if (!exists) {
    throw new Error(
      `There is no migration log ${name} in database ${sequelize.getDatabaseName()} yet. Nothing was changed. The first ` +
        'db:migrate creates it; after that, type the same command again.',
    );
  }
  if (hasTimestamps) return 'MetaTable already has timestamps.';
  const relation = relationOf(table);
  const lock = {
    relations: [relation],
    mode: 'ACCESS EXCLUSIVE',
    blocking: [{ relation, mode: 'ACCESS EXCLUSIVE' }],
    outcome: 'Nothing was changed.',
  } as const;
  const run = { sequelize, limits: migrationLimits(), reporter: consoleReporter() };
  const columns = ['createdAt', 'updatedAt'].map(
    (column) => `ADD COLUMN "${column}" timestamptz NOT NULL DEFAULT now()`,
  );
  await withLockRetries(run, lock, (timeoutMs) =>
    inTransaction(run, timeoutMs, (query) => query(`ALTER TABLE ${name} ${columns.join(', ')}`)),
  );
  await afterCommit(run, lock.relations);
  return 'Successfully added timestamps to MetaTable.';
}
