import type { QueryInterface } from 'sequelize';
import { StalePlanError } from './stale-plan-error';
import { execute } from './execute/execute';
import { inspect } from './inspect';
import { type Change, inverse, Schema } from '../vocabulary';
import { plan } from '../plan';
import { migrationNameOf, runnerOf } from '../session';

export interface MigrationDefinition {
  /** Declares the changes that the migration makes. */
  readonly up: (schema: Schema) => void;
  /** Declares the changes that undo it. Left out where these are the inverse of `up`. */
  readonly down?: (schema: Schema) => void;
}

/** A migration as sequelize-cli and umzug run it, and the changes that it declares, as data. */
export interface Migration {
  up(queryInterface: QueryInterface): Promise<void>;
  down(queryInterface: QueryInterface): Promise<void>;
  readonly changes: { readonly up: readonly Change[]; readonly down: readonly Change[] };
}

/**
 * Makes a migration from the changes that it declares.
 *
 * @param file the migration's own `__filename`; its base name, ending in `.js`, is the name in the migration log
 */
export function migration(file: string, definition: MigrationDefinition): Migration {
  const name = migrationNameOf(file);
  const up = changesDeclaredBy(definition.up);
  const down = definition.down ? changesDeclaredBy(definition.down) : inverse(up);
  return {
    up: (queryInterface) => migrate(queryInterface, name, 'up', up),
    down: (queryInterface) => migrate(queryInterface, name, 'down', down),
    changes: { up, down },
  };
}

function changesDeclaredBy(declare: (schema: Schema) => void): readonly Change[] {
  const schema = new Schema();
  declare(schema);
  return schema.changes;
}

/** How often a plan may be made again because another session has changed the tables. */
const MOST_PLANS = 5;

/** Inspects, plans and executes, and does so again where another session changes the database in between. */
async function migrate(
  { sequelize }: QueryInterface,
  name: string,
  direction: 'up' | 'down',
  changes: readonly Change[],
): Promise<void> {
  const { log, limits, reporter } = runnerOf(sequelize);
  const run = { sequelize, limits, reporter };
  const logChange = async () => {
    if (!log) return { statements: [] };
    return direction === 'up' ? log.logStatements(name) : log.unlogStatements(name);
  };
  const reasonsToKeep = new Map<string, string>();
  const hashes: string[] = [];
  while (hashes.length < MOST_PLANS) {
    const inspection = await inspect(run, changes, { reasonsToKeep });
    try {
      await execute(run, { plan: plan(inspection, changes, name), inspection, logChange });
      return;
    } catch (error) {
      if (!(error instanceof StalePlanError)) throw error;
      const { why, failure } = error;
      // The same failure again, though nothing has changed in between: another session is not the cause of it.
      if (why === 'changed') {
        if (hashes.at(-1) === inspection.seen.hash) throw failure;
        hashes.push(inspection.seen.hash);
      } else {
        if (why.subjects.every((subject) => reasonsToKeep.has(subject))) throw failure;
        for (const subject of why.subjects) reasonsToKeep.set(subject, why.reason);
      }
    }
  }
  throw new Error(
    `Another session keeps changing the tables of database ${sequelize.getDatabaseName()}. Nothing of this migration ` +
      'was done. Run the same command again when the applications have started.',
  );
}
