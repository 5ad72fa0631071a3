import type { Plan } from '../../src/plan';
import { migration } from '../../src/migration';
import { type MigrationToPlan, type PlannedMigration, planMigrations } from '../../src/run';
import { execute } from '../../src/run/execute/execute';
import { Schema } from '../../src/vocabulary';
import { type Role, urlFor } from './database';
import { OnDatabase } from './on-database';
import { useOpened } from './opened';
import { schemaOf } from './schema';

/** What a migration declares. */
export type State = (schema: Schema) => void;

/** A planner for a test file, which is opened and closed with it. */
export function usePlanner(): Planner {
  return useOpened(new Planner());
}

/** Plans and runs intents on a database of its own, without sequelize-cli. */
export class Planner extends OnDatabase {
  /** One that works on the same database with connections of its own, as another role if need be. */
  another(role?: Role): Planner {
    const { url } = this.database;
    return new Planner(this.limits).openOn(this.database, role ? urlFor(role, url) : url);
  }

  /** The plan for what `state` states, on a database that holds what `sql` makes. Looking changes nothing. */
  async planFor(sql: string, state: State): Promise<Plan> {
    await this.reset(sql);
    const before = await schemaOf(this.database);
    const { plan } = await this.plan(state);
    expect(await schemaOf(this.database)).toEqual(before);
    return plan;
  }

  /** Runs the plan, and gives what its steps were for. The same plan made again finds nothing to do. */
  async converge(sql: string, state: State): Promise<string[]> {
    await this.reset(sql);
    const { plan } = await this.execute(state);
    expect((await this.plan(state)).plan.steps).toEqual([]);
    return purposes(plan);
  }

  /** Runs the plan for what `state` states, on the database as it is. */
  async execute(state: State): Promise<PlannedMigration> {
    const planned = await this.plan(state);
    const logChange = () => Promise.resolve({ statements: [] });
    await execute(this.run, { ...planned, logChange });
    return planned;
  }

  /**
   * Does what a migration does that states this: looks, plans and executes, and again where somebody was quicker.
   *
   * @param beforeStatement called before each statement that is sent, in this migration
   */
  async migrate(state: State, beforeStatement = this.beforeStatement): Promise<void> {
    this.beforeStatement = beforeStatement;
    const { direction } = declaredBy(state);
    const { up, down } = migration(NAME, { up: state, down: state });
    const work = direction === 'up' ? up : down;
    await work(this.run.sequelize.getQueryInterface()).finally(() => (this.beforeStatement = undefined));
  }

  /** Plans what a state declares, as the `up` of a migration, or its `down` where it only removes. */
  async plan(state: State): Promise<PlannedMigration> {
    const [planned] = await planMigrations(this.run, [declaredBy(state)]);
    if (!planned) throw new Error('A migration was to be planned, and was not.');
    return planned;
  }
}

const NAME = 'the-migration.js';

function declaredBy(state: State): MigrationToPlan {
  const { changes } = collect(state);
  return {
    name: NAME,
    direction: changes.every((change) => 'undoes' in change) ? 'down' : 'up',
    changes,
    later: [],
  };
}

function collect(state: State): Schema {
  const schema = new Schema();
  state(schema);
  return schema;
}

export function purposes({ steps }: Plan): string[] {
  return steps.map(({ purpose }) => purpose);
}
