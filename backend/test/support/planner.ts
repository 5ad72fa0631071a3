import { Sequelize } from 'sequelize';
import { execute } from '../../src/schema/execute';
import { inspect } from '../../src/schema/inspect';
import { Schema } from '../../src/schema/intents';
import { plan, type Plan } from '../../src/schema/plan';
import { migration } from '../../src/schema/migration';
import { DEFAULT_LIMITS, runThrough, type Limits, type Progress } from '../../src/schema/runner';
import type { Run } from '../../src/schema/transaction';
import { createDatabase, type TestDatabase } from './database';
import { schemaOf } from './schema';

type State = (schema: Schema) => void;

/** Plans and runs intents on a database of its own, without sequelize-cli. */
export class Planner {
  /** What has been said since the last plan was made. */
  readonly lines: string[] = [];
  readonly progress: Progress[] = [];
  private readonly run: Run;

  private constructor(
    readonly database: TestDatabase,
    private readonly sequelize: Sequelize,
    limits: Partial<Limits>,
  ) {
    this.run = {
      sequelize,
      limits: { ...DEFAULT_LIMITS, ...limits },
      reporter: {
        line: (text) => this.lines.push(text),
        progress: (progress) => progress && this.progress.push(progress),
      },
    };
  }

  static async create(limits: Partial<Limits> = {}): Promise<Planner> {
    const database = await createDatabase();
    return new Planner(database, new Sequelize(database.url, { logging: false }), limits);
  }

  /** One that works on the same database with connections of its own, as another role if need be. */
  anew(role?: { readonly name: string; readonly password: string }): Planner {
    const url = new URL(this.database.url);
    if (role) [url.username, url.password] = [role.name, role.password];
    return new Planner(this.database, new Sequelize(url.href, { logging: false }), this.run.limits);
  }

  async close(): Promise<void> {
    await this.sequelize.close();
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
    const record = () => Promise.resolve();
    await execute(this.run, { plan: made.planned, inspection: made.inspection, record });
    return made;
  }

  /**
   * Does what a migration does that states this: looks, plans and executes, and again where somebody was quicker.
   *
   * @param beforeStatement called before each statement that is sent
   */
  async migrate(state: State, beforeStatement?: (sql: string) => Promise<void>): Promise<void> {
    const query = this.sequelize.query.bind(this.sequelize);
    if (beforeStatement) {
      Reflect.set(this.sequelize, 'query', async (...args: Parameters<typeof query>) => {
        await beforeStatement(String(args[0]));
        return query(...args);
      });
    }
    runThrough(this.sequelize, this.run);
    await migration('the-migration.js', { up: state })
      .up(this.sequelize.getQueryInterface())
      .finally(() => Reflect.set(this.sequelize, 'query', query));
  }

  private async plan(state: State) {
    const schema = new Schema();
    state(schema);
    const inspection = await inspect(this.run, schema.intents);
    return { inspection, planned: plan(inspection, schema.intents, 'the-migration.js') };
  }
}

export function purposes({ steps }: Plan): string[] {
  return steps.map(({ purpose }) => purpose);
}
