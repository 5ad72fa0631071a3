import {
  afterCommit,
  type ConnectionManager,
  type ConnectionRoute,
  type RoutedConnection,
  type Run,
  select,
  withoutRoute,
  withRoute,
} from '../session';
import { failureOf, type Subject } from './explain';
import { GuardedConnection } from './guarded-connection';
import { standsFor } from './same-database';
import {
  replicatedNames,
  type ReplicatedNames,
  replicatedNamesSql,
  warningsBetween,
} from './replicated-names';
import { settled } from './settled';
import { asClient, standIn } from './stand-in';

interface Migration extends Subject {
  readonly load: (again: boolean) => Promise<() => unknown>;
}

/**
 * Runs a migration whose statements cannot be in one transaction. Each is guarded by itself, and a failure leaves what
 * was done before it.
 */
export async function eachStatement(run: Run, migration: Migration): Promise<void> {
  const route = new EachStatement(run);
  const before = await namesNow(run);
  try {
    const call = await migration.load(true);
    await withRoute(run.sequelize, route, () => settled(call, route, { ...migration, outcome: OUTCOME }));
  } catch (error) {
    throw failureOf(migration, error, OUTCOME);
  } finally {
    await route.close();
    const after = await namesNow(run, before).catch(() => before); // why the migration has failed is more to the point
    warningsBetween(before, after).forEach((warning) => run.reporter.line(warning));
  }
  await afterCommit(run);
}

const OUTCOME =
  'It runs without a transaction: what it did before that stays. Correct the cause, see what the database has ' +
  'of it already, and have the file do the rest, or undo that by hand.';

async function namesNow({ sequelize }: Run, before?: ReplicatedNames): Promise<ReplicatedNames> {
  return replicatedNames(await select(sequelize, replicatedNamesSql(before)));
}

/** Connections of the pool, each guarded. */
class EachStatement implements ConnectionRoute {
  private readonly used = new Map<object, GuardedConnection>();

  constructor(private readonly run: Run) {}

  async connect(manager: ConnectionManager): Promise<RoutedConnection | undefined> {
    const { sequelize } = this.run;
    if (!standsFor(sequelize, manager)) return undefined;
    const { connectionManager } = sequelize;
    const pooled = await withoutRoute(() => connectionManager.getConnection({ type: 'write' }));
    const client = asClient(pooled);
    const guarded = this.used.get(pooled) ?? new GuardedConnection(this.run, client);
    this.used.set(pooled, guarded);
    return {
      connection: standIn(client, (statement) => guarded.send(statement)),
      release: () => {
        connectionManager.releaseConnection(pooled);
      },
    };
  }

  leave(): void {
    // Nothing is held between two statements.
  }

  async untilIdle(): Promise<void> {
    for (const guarded of this.used.values()) await guarded.untilIdle();
  }

  /** Destroys the connections, with the settings and the lock of their sessions. */
  async close(): Promise<void> {
    for (const pooled of this.used.keys())
      await this.run.sequelize.connectionManager.destroyConnection(pooled);
  }
}
