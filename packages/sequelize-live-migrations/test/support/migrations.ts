import { migration, type MigrationDefinition } from '../../src/migration';
import { type PlannedMigration, planMigrations, script, stepsLeft } from '../../src/run';
import { DEFAULT_LIMITS, setRunner } from '../../src/session';
import type { Step } from '../../src/plan';
import { OnDatabase } from './on-database';
import { useOpened } from './opened';
import { SCHEMA, schemaOf } from './schema';

/** A migration of a test. */
export interface TestMigration extends MigrationDefinition {
  /** In the migration log. */
  readonly name: string;
}

/** Runs migrations of a test file by their names, on a database of its own. */
export function useMigrations(): Migrations {
  return useOpened(new Migrations());
}

/** Runs several migrations one after the other, in both directions, on one database and without a migration log. */
export class Migrations extends OnDatabase {
  async up(...migrations: readonly TestMigration[]): Promise<void> {
    const queryInterface = this.run.sequelize.getQueryInterface();
    for (const { name, ...definition } of migrations) await migration(name, definition).up(queryInterface);
  }

  async down(...migrations: readonly TestMigration[]): Promise<void> {
    const queryInterface = this.run.sequelize.getQueryInterface();
    for (const { name, ...definition } of migrations) await migration(name, definition).down(queryInterface);
  }

  /** Runs a migration, with those in the log that have run before it. */
  upAfter(before: readonly TestMigration[], one: TestMigration): Promise<void> {
    return this.withLog({ before, after: [] }, () => this.up(one));
  }

  /** Undoes a migration, with those in the log that have run before it. */
  downAfter(before: readonly TestMigration[], one: TestMigration): Promise<void> {
    return this.withLog({ before, after: [] }, () => this.down(one));
  }

  /** Runs a migration, with those in the log that come after it. */
  upBefore(one: TestMigration, ...after: readonly TestMigration[]): Promise<void> {
    return this.withLog({ before: [], after }, () => this.up(one));
  }

  /** Undoes a migration and does it again, while others are in the log, before and after it. */
  async undoAndRedoAmong(all: readonly TestMigration[], one: TestMigration): Promise<void> {
    const log = { before: all.slice(0, all.indexOf(one)), after: all.slice(all.indexOf(one) + 1) };
    await this.withLog(log, () => this.down(one));
    await this.withLog(log, () => this.up(one));
  }

  /** What `check` says that migrations in the log would do again. */
  stepsLeft(...logged: readonly TestMigration[]): Promise<string[]> {
    const changes = logged.map(({ name, ...definition }) => migration(name, definition).changes.up);
    const toPlan = logged.map(({ name }, n) => ({
      name,
      direction: 'up' as const,
      changes: changes[n],
      earlier: changes.slice(0, n).flat(),
      later: changes.slice(n + 1).flat(),
    }));
    return stepsLeft(this.run, toPlan);
  }

  private async withLog(
    { before, after }: Record<'before' | 'after', readonly TestMigration[]>,
    work: () => Promise<void>,
  ): Promise<void> {
    const { run } = this;
    const changesOf = (logged: readonly TestMigration[]) =>
      logged.flatMap(({ name, ...definition }) => migration(name, definition).changes.up);
    const log = {
      exports: () => true,
      changesAfter: () => changesOf(after),
      changesBefore: () => changesOf(before),
      logChange: () => Promise.resolve({ statements: [] }),
    };
    setRunner(run.sequelize, { ...run, log });
    await work().finally(() => setRunner(run.sequelize, run));
  }

  /** Plans some migrations, each on what those before it will leave. */
  plan(...migrations: readonly TestMigration[]): Promise<PlannedMigration[]> {
    const toPlan = migrations.map(({ name, ...definition }) => {
      return { name, direction: 'up', changes: migration(name, definition).changes.up, later: [] } as const;
    });
    return planMigrations(this.run, toPlan);
  }

  /** The steps of a migration in a direction, where some others have run before it. */
  async steps(
    { name, ...definition }: TestMigration,
    direction: 'up' | 'down',
    before: readonly TestMigration[] = [],
  ): Promise<readonly Step[]> {
    const changes = migration(name, definition).changes[direction];
    const earlier = before.flatMap(({ name: of, ...rest }) => migration(of, rest).changes.up);
    const [planned] = await planMigrations(this.run, [{ name, direction, changes, later: [], earlier }]);
    return planned?.plan.steps ?? [];
  }

  /** The script that db:plan prints for some migrations. */
  async script(...migrations: readonly TestMigration[]): Promise<string> {
    const planned = await this.plan(...migrations);
    return script(planned, { command: 'db:migrate', limits: DEFAULT_LIMITS, logStatements: () => [] });
  }

  /** What the steps of a migration would be for now. */
  async purposes(...migrations: readonly TestMigration[]): Promise<string[]> {
    const planned = await this.plan(...migrations);
    return planned.flatMap(({ plan }) => plan.steps.map(({ purpose }) => purpose));
  }

  /** Why a migration is refused on a database that holds what `sql` makes. Checks that nothing was done. */
  async refusal(sql: string, one: TestMigration): Promise<string> {
    await this.reset(sql);
    const before = await this.schema();
    const error: unknown = await this.up(one).then(
      () => 'It was not refused.',
      (reason: unknown) => reason,
    );
    expect(await this.schema()).toEqual(before);
    return String(error);
  }

  /** All objects of the database, with their comments, but for the second at which something was kept aside. */
  async schema(): Promise<string[]> {
    const comments = await this.query(`
      SELECT pg_describe_object(classoid, objoid, objsubid) || ': ' || description AS line FROM pg_description
      WHERE classoid = 'pg_class'::regclass AND objoid IN (SELECT oid FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace)`);
    return [
      ...(await schemaOf(this.database)),
      ...comments.map(({ line }) => withoutTime(String(line))).sort(),
    ];
  }

  /**
   * Runs a migration forwards, back and forwards again, and checks that planning changes nothing, that undoing it is
   * exact, and that doing it again has the same result.
   *
   * @returns the schema that the migration leaves
   */
  async thereAndBack(sql: string, one: TestMigration): Promise<string[]> {
    await this.reset(sql);
    const before = await this.schema();
    await this.plan(one);
    expect(await this.schema()).toEqual(before);
    await this.up(one);
    const after = await this.schema();
    await this.down(one);
    expect(await this.schema()).toEqual(before);
    await this.up(one);
    expect(await this.schema()).toEqual(after);
    return after;
  }

  /** Undoes a migration and does it again. @returns the schema that it leaves */
  async undoAndRedo(one: TestMigration): Promise<string[]> {
    await this.down(one);
    await this.up(one);
    return this.schema();
  }

  /** The same as `thereAndBack`; and checks as well that the same migration, when it has run, finds nothing to do. */
  async convergesThereAndBack(sql: string, one: TestMigration): Promise<string[]> {
    const after = await this.thereAndBack(sql, one);
    expect(await this.purposes(one)).toEqual([]);
    return after;
  }
}

/** A comment on what is kept aside: another run of the same migration writes another time. */
function withoutTime(comment: string): string {
  return comment.replace(/(aside by .*, at )[-\d]+ [\d:]+[-+][\d:]+/, '$1…');
}
