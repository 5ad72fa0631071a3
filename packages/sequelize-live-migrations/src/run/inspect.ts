import {
  inspectCatalog,
  type Inspection,
  type InspectionOptions,
  WantedTables,
  withSetAside,
} from '../catalog';
import type { Intent } from '../vocabulary';
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
  intents: readonly Intent[],
  options: InspectionOptions = {},
): Promise<Inspection> {
  const wantedTables = new WantedTables(run.sequelize, intents);
  const relations = withSetAside(wantedTables.tableNames).map((name) => relationNamed(name));
  const lock = { relations, mode: 'ACCESS SHARE', left: 'Nothing of this migration was done.' } as const;
  return withLockRetries(run, lock, (timeoutMs) =>
    inRolledBackTransaction(run, timeoutMs, (query) => inspectCatalog(query, wantedTables, intents, options)),
  );
}
