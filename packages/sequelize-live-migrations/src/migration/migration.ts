import type { QueryInterface } from 'sequelize';
import { isConnectionLost, messageOf, serverMessageOf } from '../postgres';
import { leavingRoute, migrationNameOf, prepareSessionAhead } from '../session';
import { type Change, inverse, Schema } from '../vocabulary';

export interface MigrationDefinition {
  /** Declares the changes that the migration makes. Not an async function. */
  readonly up: (schema: Schema) => void;
  /** Declares the changes that undo it. Left out where these are the inverse of `up`. */
  readonly down?: (schema: Schema) => void;
}

/** A migration as sequelize-cli and umzug run it, and the changes that it declares, as data. */
export interface Migration {
  readonly up: (queryInterface: QueryInterface) => Promise<void>;
  readonly down: (queryInterface: QueryInterface) => Promise<void>;
  readonly changes: { readonly up: readonly Change[]; readonly down: readonly Change[] };
}

/**
 * Makes a migration from the changes that it declares.
 *
 * @param file the migration's own `__filename`; its base name, ending in `.js`, is the name in the migration log
 */
export function migration(file: string, definition: MigrationDefinition): Migration {
  const name = migrationNameOf(file);
  const up = changesDeclaredBy(name, definition.up);
  const down = definition.down ? changesDeclaredBy(name, definition.down) : inverse(up);
  const changes = { up, down };
  const run = (queryInterface: QueryInterface, direction: 'up' | 'down') =>
    leavingRoute(async () => {
      await prepareSessionAhead(queryInterface.sequelize);
      // What plans and executes is loaded here, where it is needed, and while the server prepares its queries.
      const { runMigration } = await import('../run');
      await runMigration(
        queryInterface,
        { name, direction, changes: changes[direction] },
        declared[direction],
      );
    }).catch((error: unknown) => {
      throw isConnectionLost(error) ? connectionLost(name, error) : error;
    });
  const declared: Migration = {
    up: (queryInterface) => run(queryInterface, 'up'),
    down: (queryInterface) => run(queryInterface, 'down'),
    changes,
  };
  return declared;
}

/** @throws with the name of the migration, where it declares something that is not known */
function changesDeclaredBy(name: string, declare: (schema: Schema) => unknown): readonly Change[] {
  const schema = new Schema();
  try {
    const returned = declare(schema);
    if (returned instanceof Promise) {
      returned.catch(() => undefined); // this error is the one to report
      throw new Error(
        'what is declared after an await comes too late. Nothing of a schema has to be awaited.',
      );
    }
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
  return schema.changes;
}

function connectionLost(name: string, error: unknown): Error {
  return new Error(
    `${serverMessageOf(error)}. The connection was lost in the middle of ${name}. What was in an open transaction is rolled ` +
      'back, and what is committed does no harm. Run the same command again: it does the rest, also on a standby that has ' +
      'become the primary meanwhile, where DATABASE_URL names both.',
    { cause: error },
  );
}
