import { DataTypes, literal, type Model, type ModelStatic, Sequelize } from 'sequelize';
import type { Difference } from '../../src/generate/between-schemas';
import { differencesBetween } from '../../src/generate/compare';
import { LEFT_OPEN, type Questions } from '../../src/generate/questions';
import { bodyOf } from '../../src/models';
import { planMigrations, stepsLeft } from '../../src/run';
import { execute } from '../../src/run/execute/execute';
import { withQuietRun } from '../../src/session';
import { type Change, inverse, Schema } from '../../src/vocabulary';
import { createDatabase, type TestDatabase } from './database';

type Define = (sequelize: Sequelize) => void;

/** The models that a function defines, on an instance that never connects. */
export function modelsOf(define: Define): ModelStatic<Model>[] {
  const sequelize = new Sequelize('postgres://localhost/none', { logging: false });
  define(sequelize);
  return Object.values(sequelize.models);
}

/** The changes that the statements of a generated migration declare, from its source text. */
export function changesOfSource(statements: string): readonly Change[] {
  const schema = new Schema();
  const declare: unknown = new Function('schema', 'DataTypes', 'literal', statements);
  if (typeof declare === 'function') Reflect.apply(declare, undefined, [schema, DataTypes, literal]);
  return schema.changes;
}

interface Migration {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** A project without files: the migrations that were generated from its models, and databases on which they run. */
export class GeneratedProject {
  readonly migrations: Migration[];
  /** The temporary database in which the migrations run, and how many of them have. */
  private migrated: TestDatabase | undefined;
  private count = 0;

  /** @param before one whose migrations this one has already */
  constructor(private readonly before?: GeneratedProject) {
    this.migrations = [...(before?.migrations ?? [])];
    this.count = before?.count ?? 0;
  }

  /** A database in which all migrations have run. */
  async migratedDatabase(): Promise<TestDatabase> {
    await this.catchUp();
    return createDatabase(this.migrated);
  }

  /** What `migration:generate` would write: on a database in which the migrations have run, and nothing else. */
  async differences(
    models: readonly ModelStatic<Model>[],
    questions: Questions = LEFT_OPEN,
  ): Promise<Difference[]> {
    const { url } = await this.catchUp();
    return withQuietRun(url, (run) => differencesBetween(run, models, this.changesBefore(), questions));
  }

  /** The same of models whose tables are all in the schema of the migration log. */
  async difference(models: readonly ModelStatic<Model>[], questions?: Questions): Promise<Difference> {
    const [difference, ...others] = await this.differences(models, questions);
    if (!difference || others.length > 0) throw new Error('The models are of several schemas.');
    return difference;
  }

  private async catchUp(): Promise<TestDatabase> {
    this.migrated ??= await createDatabase(this.before?.migrated);
    const pending = this.migrations.slice(this.count);
    for (const migration of pending) await this.run(this.migrated, migration, 'up');
    this.count += pending.length;
    return this.migrated;
  }

  /** Generates the next migration; gives its statements as they are written. */
  async generate(models: readonly ModelStatic<Model>[], questions?: Questions): Promise<string> {
    const { proposals } = await this.difference(models, questions);
    const statements = bodyOf(proposals);
    this.add(statements);
    return statements;
  }

  /** Adds a migration as it is written: the statements of its `up`. */
  add(statements: string): void {
    const name = `${String(this.migrations.length).padStart(3, '0')}-generated.js`;
    this.migrations.push({ name, changes: changesOfSource(statements) });
  }

  /** Generates the migrations of models whose tables are in several schemas; gives the statements of each, by what it is of. */
  async generateEach(models: readonly ModelStatic<Model>[]): Promise<Record<string, string>> {
    const written: Record<string, string> = {};
    for (const { of = '', proposals } of await this.differences(models)) {
      const statements = bodyOf(proposals);
      if (statements === '') continue;
      written[of] = statements;
      this.add(statements);
    }
    return written;
  }

  /** Runs the migrations from a number on, in order, or undoes them. */
  async runFrom(database: TestDatabase, first: number, direction: 'up' | 'down'): Promise<string[]> {
    const migrations = this.migrations.slice(first);
    const ordered = direction === 'up' ? migrations : migrations.reverse();
    const done: string[] = [];
    for (const migration of ordered) done.push(...(await this.run(database, migration, direction)));
    return done;
  }

  /** What `check` says of what the migrations have made, where nothing differs from the models. */
  async stepsLeft({ url }: TestDatabase): Promise<string[]> {
    const executed = this.migrations.map(({ name, changes }) => ({
      name,
      direction: 'up' as const,
      changes,
      later: this.migrations.filter((other) => other.name > name).flatMap((other) => other.changes),
      earlier: this.changesBefore(name),
    }));
    return withQuietRun(url, (run) => stepsLeft(run, executed));
  }

  /** Runs the last migration on a database in which the others have run. */
  migrate(database: TestDatabase): Promise<string[]> {
    return this.run(database, this.last, 'up');
  }

  /** Undoes the last migration. */
  undo(database: TestDatabase): Promise<string[]> {
    return this.run(database, this.last, 'down');
  }

  private get last(): Migration {
    const last = this.migrations.at(-1);
    if (!last) throw new Error('No migration has been generated.');
    return last;
  }

  private changesBefore(name?: string): Change[] {
    const before = this.migrations.filter((migration) => name === undefined || migration.name < name);
    return before.flatMap(({ changes }) => changes);
  }

  /** Runs a migration as the commands do; gives what its steps were for. */
  private async run(database: TestDatabase, { name, changes }: Migration, direction: 'up' | 'down') {
    const migration = {
      name,
      direction,
      changes: direction === 'up' ? changes : inverse(changes),
      later: [],
      earlier: this.changesBefore(name),
    };
    return withQuietRun(database.url, async (run) => {
      const [planned] = await planMigrations(run, [migration]);
      if (!planned) throw new Error('A migration was to be planned, and was not.');
      await execute(run, { ...planned, logChange: () => Promise.resolve({ statements: [] }) });
      return planned.plan.steps.map(({ purpose }) => purpose);
    });
  }
}
