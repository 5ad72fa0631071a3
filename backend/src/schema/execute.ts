import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { messageOf } from './errors';
import type { Plan, Step } from './plan';
import { inTransaction, searchPathSql } from './transaction';

export interface Execution {
  readonly plan: Plan;
  /** The schema that the plan's names live in. */
  readonly schema: string;
  /** Told of each step before it is run, and of each notice. */
  readonly report: (line: string) => void;
  /** Writes the migration's record, as the last thing in a transaction. */
  readonly record: (transaction: Transaction) => Promise<void>;
}

/**
 * Runs a plan. Neighbouring steps share a transaction; those that go through a whole table stand alone. The
 * record of the migration is written in the last transaction, so it is there when the whole plan is done.
 *
 * @throws the server's error for a step, with what the step was for and what was left as it was.
 */
export async function execute(sequelize: Sequelize, execution: Execution): Promise<void> {
  const groups = transactionsOf(execution.plan.steps);
  for (const [n, group] of groups.entries()) {
    const [first] = group;
    if (first?.next) {
      await runBatches(sequelize, execution, first, first.next);
    } else {
      await runTransaction(sequelize, execution, group, {
        isFirst: n === 0,
        isLast: n === groups.length - 1,
      });
    }
  }
  execution.plan.notices.forEach(execution.report);
}

/** The steps by transaction. The last one may be empty: it is there for the record. */
function transactionsOf(steps: readonly Step[]): (readonly Step[])[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && isShared(step) && last.every(isShared)) last.push(step);
    else groups.push([step]);
  }
  return groups.at(-1)?.every(({ next }) => !next) ? groups : [...groups, []];
}

function isShared({ transaction, next }: Step): boolean {
  return transaction === undefined && next === undefined;
}

async function runTransaction(
  sequelize: Sequelize,
  { schema, report, record }: Execution,
  group: readonly Step[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): Promise<void> {
  const left = isFirst ? 'Nothing of this migration was done.' : WHAT_WAS_DONE;
  await inSchema(sequelize, schema, async (transaction) => {
    for (const step of group) {
      report(step.purpose);
      await explained(step, left, sequelize.query(step.sql, { transaction }));
    }
    if (isLast) await record(transaction);
  });
}

const WHAT_WAS_DONE =
  'The steps before it are done and do no harm; what is left is done by the same command once the reason is gone.';

/** Goes through a table in batches, each in a transaction of its own. */
async function runBatches(
  sequelize: Sequelize,
  { schema, report }: Execution,
  step: Step,
  next: (last: string) => string,
): Promise<void> {
  report(step.purpose);
  for (let sql: string | undefined = step.sql; sql !== undefined;) {
    const batch: string = sql;
    const [row] = await inSchema(sequelize, schema, (transaction) => {
      const rows = sequelize.query<{ last: string | null }>(batch, { transaction, type: QueryTypes.SELECT });
      return explained(step, WHAT_WAS_DONE, rows);
    });
    sql = row?.last == null ? undefined : next(row.last);
  }
}

/** A transaction in which names mean what the plan means by them. */
function inSchema<T>(sequelize: Sequelize, schema: string, work: (transaction: Transaction) => Promise<T>) {
  return inTransaction(sequelize, async (transaction) => {
    await sequelize.query(searchPathSql(schema), { transaction });
    return work(transaction);
  });
}

async function explained<T>({ purpose }: Step, left: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`Could not ${purpose}: ${messageOf(error)}. ${left}`, { cause: error });
  }
}
