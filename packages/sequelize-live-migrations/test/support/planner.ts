import { Sequelize } from 'sequelize';
import { plan, type Plan } from '../../src/plan';
import { inspect, migration } from '../../src/run';
import { execute } from '../../src/run/execute/execute';
import { DEFAULT_LIMITS, setRunner, type Limits, type Progress, type Run } from '../../src/session';
import { Schema } from '../../src/vocabulary';
import { createDatabase, dropDatabases, type Role, type TestDatabase, urlFor } from './database';
import { schemaOf } from './schema';

type State = (schema: Schema) => void;

/** A planner for a test file, which is opened and closed with it. */
export function usePlanner(): Planner {
  const planner = new Planner();
  beforeAll(() => planner.open());
  afterAll(async () => {
    await planner.close();
    await dropDatabases();
  });
  return planner;
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
    await this.database.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${sql}`);
    this.lines.length = 0;
  }

  /** The plan for what `state` states, on a database that holds what `sql` makes. Looking changes nothing. */
  async planFor(sql: string, state: State): Promise<Plan> {
    await this.reset(sql);
    const before = await schemaOf(this.database);
    const { planned } = await this.plan(state);
    expect(await schemaOf(this.database)).toEqual(before);
    return planned;
  }

  /** Runs the plan, and gives what its steps were for. The same plan made again finds nothing to do. */
  async converge(sql: string, state: State): Promise<string[]> {
    await this.reset(sql);
    const { planned } = await this.execute(state);
    expect((await this.plan(state)).planned.steps).toEqual([]);
    return purposes(planned);
  }

  /** Runs the plan for what `state` states, on the database as it is. */
  async execute(state: State) {
    const made = await this.plan(state);
    const logChange = () => Promise.resolve({ statements: [] });
    await execute(this.its.run, { plan: made.planned, inspection: made.inspection, logChange });
    return made;
  }

  /**
   * Does what a migration does that states this: looks, plans and executes, and again where somebody was quicker.
   *
   * @param beforeStatement called before each statement that is sent
   */
  async migrate(state: State, beforeStatement?: (sql: string) => Promise<void>): Promise<void> {
    const { run } = this.its;
    const { sequelize } = run;
    const query = sequelize.query.bind(sequelize);
    if (beforeStatement) {
      Reflect.set(sequelize, 'query', async (...args: Parameters<typeof query>) => {
        await beforeStatement(String(args[0]));
        return query(...args);
      });
    }
    setRunner(sequelize, run);
    await migration('the-migration.js', { up: state })
      .up(sequelize.getQueryInterface())
      .finally(() => Reflect.set(sequelize, 'query', query));
  }

  private async plan(state: State) {
    const schema = new Schema();
    state(schema);
    const inspection = await inspect(this.its.run, schema.changes);
    return { inspection, planned: plan(inspection, schema.changes, 'the-migration.js') };
  }
}

export function purposes({ steps }: Plan): string[] {
  return steps.map(({ purpose }) => purpose);
}
