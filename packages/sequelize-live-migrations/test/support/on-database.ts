import { Sequelize } from 'sequelize';
import { DEFAULT_LIMITS, type Limits, type Progress, type Run, setRunner } from '../../src/session';
import { beforeMessages } from '../../src/testing/before-messages';
import { createDatabase, type TestDatabase } from './database';
import { EMPTY_SCHEMA } from './empty-schema';

interface Opened {
  readonly database: TestDatabase;
  readonly run: Run;
}

/** What runs migrations in this process, on a database of its own and without sequelize-cli. */
export class OnDatabase {
  /** What has been reported since the last reset. */
  readonly lines: string[] = [];
  readonly progress: Progress[] = [];
  /** The messages that were sent to the server since the last reset. */
  readonly sent: string[] = [];
  /** Called before each of these messages. */
  beforeStatement: ((sql: string) => Promise<void>) | undefined;
  private opened: Opened | undefined;

  constructor(protected readonly limits: Partial<Limits> = {}) {}

  async open(): Promise<this> {
    return this.openOn(await createDatabase());
  }

  /** The same on a database that a test has made, with another URL if need be. */
  openOn(database: TestDatabase, url = database.url): this {
    const reporter = {
      line: (text: string) => this.lines.push(text),
      progress: (progress: Progress | undefined) => progress && this.progress.push(progress),
    };
    const sequelize = new Sequelize(url, { logging: false });
    beforeMessages(sequelize, async (sql) => {
      this.sent.push(sql);
      await this.beforeStatement?.(sql);
    });
    const run = { sequelize, limits: { ...DEFAULT_LIMITS, ...this.limits }, reporter };
    setRunner(sequelize, run);
    this.opened = { database, run };
    return this;
  }

  async close(): Promise<void> {
    await this.run.sequelize.close();
  }

  get database(): TestDatabase {
    return this.its.database;
  }

  protected get run(): Run {
    return this.its.run;
  }

  private get its(): Opened {
    if (!this.opened) throw new Error('There is no open database.');
    return this.opened;
  }

  query(sql: string): Promise<Record<string, unknown>[]> {
    return this.database.query(sql);
  }

  /** Empties the database, but for what `sql` makes. */
  async reset(sql: string): Promise<void> {
    await this.query(`${EMPTY_SCHEMA}; ${sql}`);
    this.lines.length = 0;
    this.sent.length = 0;
  }
}
