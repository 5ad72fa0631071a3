import { Sequelize } from 'sequelize';
import type { Plan } from '../../src/plan';
import { migration } from '../../src/migration';
import { type MigrationToPlan, type PlannedMigration, planMigrations } from '../../src/run';
import { execute } from '../../src/run/execute/execute';
import { DEFAULT_LIMITS, setRunner, type Limits, type Progress, type Run } from '../../src/session';
import { beforeMessages } from '../../src/testing/before-messages';
import { Schema } from '../../src/vocabulary';
import { createDatabase, type Role, type TestDatabase, urlFor } from './database';
import { EMPTY_SCHEMA } from './empty-schema';
import { useOpened } from './opened';
import { schemaOf } from './schema';

/** What a migration declares. */
export type State = (schema: Schema) => void;

/** A planner for a test file, which is opened and closed with it. */
export function usePlanner(): Planner {
  return useOpened(new Planner());
}

interface Opened {
  readonly database: TestDatabase;
  readonly run: Run;
}

/** Plans and runs intents on a database of its own, without sequelize-cli. */
export class Planner {
  /** What has been said since the last reset. */
  readonly lines: string[] = [];
  readonly progress: Progress[] = [];
  private opened: Opened | undefined;
  private beforeStatement: ((sql: string) => Promise<void>) | undefined;

  constructor(private readonly limits: Partial<Limits> = {}) {}

  async open(): Promise<this> {
    return this.openOn(await createDatabase());
  }

  private openOn(database: TestDatabase, url = database.url): this {
    const reporter = {
      line: (text: string) => this.lines.push(text),
      progress: (progress: Progress | undefined) => progress && this.progress.push(progress),
    };
    const sequelize = new Sequelize(url, { logging: false });
    beforeMessages(sequelize, async (sql) => this.beforeStatement?.(sql));
    this.opened = { database, run: { sequelize, limits: { ...DEFAULT_LIMITS, ...this.limits }, reporter } };
    return this;
  }

  get database(): TestDatabase {
    return this.its.database;
  }

  private get its(): Opened {
    if (!this.opened) throw new Error('This planner is not open.');
    return this.opened;
  }

  async close(): Promise<void> {
    await this.its.run.sequelize.close();
  }

  /** One that works on the same database with connections of its own, as another role if need be. */
  another(role?: Role): Planner {
    const { url } = this.database;
    return new Planner(this.limits).openOn(this.database, role ? urlFor(role, url) : url);
  }

  /** Empties the database, but for what `sql` makes. */
  async reset(sql: string): Promise<void> {
    await this.database.query(`${EMPTY_SCHEMA}; ${sql}`);
    this.lines.length = 0;
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
    await execute(this.its.run, { ...planned, logChange });
    return planned;
  }

  /**
   * Does what a migration does that states this: looks, plans and executes, and again where somebody was quicker.
   *
   * @param beforeStatement called before each statement that is sent
   */
  async migrate(state: State, beforeStatement?: (sql: string) => Promise<void>): Promise<void> {
    const { run } = this.its;
    const { sequelize } = run;
    this.beforeStatement = beforeStatement;
    setRunner(sequelize, run);
    const { direction } = declaredBy(state);
    const { up, down } = migration(NAME, { up: state, down: state });
    const work = direction === 'up' ? up : down;
    await work(sequelize.getQueryInterface()).finally(() => (this.beforeStatement = undefined));
  }

  /** Plans what a state declares, as the `up` of a migration, or its `down` where it only removes. */
  async plan(state: State): Promise<PlannedMigration> {
    const [planned] = await planMigrations(this.its.run, [declaredBy(state)]);
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
