import { Sequelize } from 'sequelize';
import { execute } from '../../src/schema/execute';
import { inspect } from '../../src/schema/inspect';
import { Schema } from '../../src/schema/intents';
import { plan, type Plan } from '../../src/schema/plan';
import { createDatabase, type TestDatabase } from './database';
import { schemaOf } from './schema';

type State = (schema: Schema) => void;

/** Plans and runs intents on a database of its own, without sequelize-cli. */
export class Planner {
  private constructor(
    readonly database: TestDatabase,
    private readonly sequelize: Sequelize,
  ) {}

  static async create(): Promise<Planner> {
    const database = await createDatabase();
    return new Planner(database, new Sequelize(database.url, { logging: false }));
  }

  async close(): Promise<void> {
    await this.sequelize.close();
  }

  /** The plan for what `state` states, on a database that holds what `sql` makes. Looking changes nothing. */
  async planFor(sql: string, state: State): Promise<Plan> {
    await this.database.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${sql}`);
    const before = await schemaOf(this.database);
    const planned = await this.plan(state);
    expect(await schemaOf(this.database)).toEqual(before);
    return planned;
  }

  /** Runs the plan, and gives what its steps were for. The same plan made again finds nothing to do. */
  async converge(sql: string, state: State): Promise<string[]> {
    const planned = await this.planFor(sql, state);
    const record = () => Promise.resolve();
    await execute(this.sequelize, { plan: planned, schema: 'public', report: () => undefined, record });
    expect((await this.plan(state)).steps).toEqual([]);
    return purposes(planned);
  }

  private async plan(state: State): Promise<Plan> {
    const schema = new Schema();
    state(schema);
    return plan(await inspect(this.sequelize, schema.intents), schema.intents);
  }
}

export function purposes({ steps }: Plan): string[] {
  return steps.map(({ purpose }) => purpose);
}
