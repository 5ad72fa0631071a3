import {
  DesiredTables,
  inspectCatalog,
  type Inspection,
  type InspectionOptions,
  withKeptAside,
} from '../catalog';
import type { Change } from '../vocabulary';
import { inRolledBackTransaction, relationNamed, type Run, withLockRetries } from '../session';

/**
 * Inspects the tables that some changes are about, in a transaction that is rolled back. It locks them in ACCESS SHARE
 * mode, which blocks neither reads nor writes.
 *
 * @throws the server's error for a type, a default or an index that PostgreSQL does not accept
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
