import type { QueryInterface } from 'sequelize';
import { execute } from './execute';
import { inspect } from './inspect';
import { inverse, Schema, type Intent } from './intents';
import { plan } from './plan';
import { recordedName, recordKeeperOf } from './record';

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
  readonly intents: { readonly up: readonly Intent[]; readonly down: readonly Intent[] };
}

/**
 * Makes a migration of what its author states.
 *
 * @param file the migration's own `__filename`; its base name, ending in `.js`, is the name that is recorded.
 */
export function migration(file: string, definition: MigrationDefinition): Migration {
  const name = recordedName(file);
  const up = recorded(definition.up);
  const down = definition.down ? recorded(definition.down) : inverse(up);
  return {
    up: (queryInterface) => run(queryInterface, name, 'up', up),
    down: (queryInterface) => run(queryInterface, name, 'down', down),
    intents: { up, down },
  };
}

function recorded(state: (schema: Schema) => void): readonly Intent[] {
  const schema = new Schema();
  state(schema);
  return schema.intents;
}

async function run(
  { sequelize }: QueryInterface,
  name: string,
  direction: 'up' | 'down',
  intents: readonly Intent[],
): Promise<void> {
  const inspection = await inspect(sequelize, intents);
  const keeper = recordKeeperOf(sequelize);
  await execute(sequelize, {
    plan: plan(inspection, intents),
    schema: inspection.live.schema,
    report: (line) => console.log(`   ${line}`),
    record: async (transaction) => {
      await (direction === 'up' ? keeper?.record(name, transaction) : keeper?.erase(name, transaction));
    },
  });
}
