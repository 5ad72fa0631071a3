import type { QueryInterface } from 'sequelize';
import { StalePlanError } from './stale-plan-error';
import { execute } from './execute/execute';
import { inspect } from './inspect';
import { type Change, inverse, Schema } from '../vocabulary';
import { plan } from '../plan';
import { migrationNameOf, runnerOf } from './runner';

export interface MigrationDefinition {
  /** States what the migration wants to be so. */
  readonly up: (schema: Schema) => void;
  /** States what undoing it wants to be so. Left out where that is the inverse of `up`. */
  readonly down?: (schema: Schema) => void;
}

/** A migration as sequelize-cli and umzug know it, and its intents as data. */
export interface Migration {
  up(queryInterface: QueryInterface): Promise<void>;
  down(queryInterface: QueryInterface): Promise<void>;
  readonly changes: { readonly up: readonly Change[]; readonly down: readonly Change[] };
}

/**
 * Makes a migration of what its author states.
 *
 * @param file the migration's own `__filename`; its base name, ending in `.js`, is the name that is recorded.
 */
export function migration(file: string, definition: MigrationDefinition): Migration {
  const name = migrationNameOf(file);
  const up = logged(definition.up);
  const down = definition.down ? logged(definition.down) : inverse(up);
  return {
    up: (queryInterface) => migrate(queryInterface, name, 'up', up),
    down: (queryInterface) => migrate(queryInterface, name, 'down', down),
    changes: { up, down },
  };
}

function logged(state: (schema: Schema) => void): readonly Change[] {
  const schema = new Schema();
  state(schema);
  return schema.changes;
}

/** How often the ground may move under a plan, before that is taken for a reason to stop. */
const CHANGES = 5;

/** Looks, plans and executes; where somebody else changes the database meanwhile, again from the look. */
async function migrate(
  { sequelize }: QueryInterface,
  name: string,
  direction: 'up' | 'down',
  changes: readonly Change[],
): Promise<void> {
  const { log, limits, reporter } = runnerOf(sequelize);
  const run = { sequelize, limits, reporter };
  const record = async () => {
    if (!log) return { statements: [] };
    return direction === 'up' ? log.logging(name) : log.unlogging(name);
  };
  const reasonsToKeep = new Map<string, string>();
  const seen: string[] = [];
  while (seen.length < CHANGES) {
    const inspection = await inspect(run, changes, { reasonsToKeep });
    try {
      await execute(run, { plan: plan(inspection, changes, name), inspection, record });
      return;
    } catch (error) {
      if (!(error instanceof StalePlanError)) throw error;
      const { why, failure } = error;
      const { hash } = inspection.seen;
      // Nothing has changed since it failed in this way before: it is not somebody else's doing.
      if (
        why === 'changed' ? seen.at(-1) === hash : why.subjects.every((subject) => reasonsToKeep.has(subject))
      ) {
        throw failure;
      }
      if (why === 'changed') seen.push(hash);
      else for (const subject of why.subjects) reasonsToKeep.set(subject, why.reason);
    }
  }
  throw new Error(
    `Somebody else keeps changing the tables of database ${sequelize.getDatabaseName()}. Nothing of this migration ` +
      'was done. Run the same command again when the services have started.',
  );
}
