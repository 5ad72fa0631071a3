import { Transaction, type Sequelize } from 'sequelize';
import { searchPathSql } from './inspect';
import type { Plan, Step } from './plan';

export interface Execution {
  readonly plan: Plan;
  /** The schema that the plan's names live in. */
  readonly schema: string;
  /** Told of each step before it is run, and of each notice. */
  readonly report: (line: string) => void;
  /** Writes the migration's record, as the last thing in the transaction. */
  readonly record: (transaction: Transaction) => Promise<void>;
}

/**
 * Runs a plan in one transaction, the record of the migration included: all of it happens, or nothing.
 *
 * @throws the server's error for a step, with what the step was for and what was left.
 */
export async function execute(sequelize: Sequelize, { plan, schema, report, record }: Execution) {
  // Stated, because a server may have another default, and what a statement sees under REPEATABLE READ is the
  // state before the lock that it waited for.
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  await sequelize.transaction({ isolationLevel }, async (transaction) => {
    await sequelize.query(searchPathSql(schema), { transaction });
    for (const step of plan.steps) {
      report(step.purpose);
      await runStep(sequelize, step, transaction);
    }
    await record(transaction);
  });
  plan.notices.forEach(report);
}

async function runStep(sequelize: Sequelize, { purpose, sql }: Step, transaction: Transaction) {
  try {
    await sequelize.query(sql, { transaction });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Could not ${purpose}: ${reason}. Nothing of this migration was done.`, { cause: error });
  }
}
