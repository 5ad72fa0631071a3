import {
  inspectCatalog,
  type Inspection,
  type InspectionOptions,
  DesiredTables,
  withKeptAside,
} from '../catalog';
import type { Change } from '../vocabulary';
import { inRolledBackTransaction, type Run } from './transaction/transaction';
import { withLockRetries } from './transaction/retries';
import { relationNamed } from './transaction/table-locks';

/**
 * Inspects the tables that some intents speak of, in a transaction that is rolled back: nothing stays, and no lock
 * is taken that the application would notice.
 *
 * @throws what PostgreSQL says of a type, a default or an index that it does not accept.
 */
export function inspect(
  run: Run,
  changes: readonly Change[],
  options: InspectionOptions = {},
): Promise<Inspection> {
  const desiredTables = new DesiredTables(run.sequelize, changes);
  const relations = withKeptAside(desiredTables.tableNames).map((name) => relationNamed(name));
  const lock = { relations, mode: 'ACCESS SHARE', outcome: 'Nothing of this migration was done.' } as const;
  return withLockRetries(run, lock, (timeoutMs) =>
    inRolledBackTransaction(run, timeoutMs, (query) =>
      inspectCatalog(query, desiredTables, changes, options),
    ),
  );
}
