import { QueryTypes, type Sequelize } from 'sequelize';
import { migrationLimits, migrationWaitMs } from '../configuration';
import type { TableLockMode } from '../postgres';
import {
  type LogChange,
  migrationNameOf,
  type MigrationLog,
  type Reporter,
  type Runner,
  setRunner,
  withLockRetries,
} from '../run';
import { changesLog, currentCommand } from './command';
import { preCheck } from './pre-check';
import { migrationNames } from './migrations-folder';
import { unlogSql, findLogTable, logSql, type LogTable } from './log-table';
import { consoleReporter } from './console-reporter';
import { holdRunLock } from './run-lock';
import { currentProject, type Project } from './project';
import { projectDatabase } from './project-database';

interface StorageOptions {
  readonly sequelize: Sequelize;
  readonly reporter?: Reporter;
  /** Left out: that of the `.sequelizerc` which this process has loaded. */
  readonly project?: Project;
}

/**
 * Keeps the record of executed migrations where umzug's own storage keeps it, in `SequelizeMeta`, so that the
 * two can be exchanged at any time.
 *
 * sequelize-cli makes one from `config.migrationStorage`; umzug 2 calls `executed`, `logMigration` and
 * `unlogMigration`. The last two find their work done already where the runner could write the record in the
 * transaction of the change itself, so they are idempotent.
 */
class MigrationStorage implements MigrationLog {
  private readonly sequelize: Sequelize;
  private readonly project: Project;
  private readonly settings: Omit<Runner, 'log'>;
  private lock: Promise<void> | undefined;
  private isPreChecked = false;
  private lastTable: LogTable | undefined;

  /** sequelize-cli gives a Sequelize instance, and nothing else. */
  constructor({ sequelize, reporter = consoleReporter(), project = currentProject() }: StorageOptions) {
    this.sequelize = sequelize;
    this.project = project;
    this.settings = { limits: migrationLimits(), reporter };
    setRunner(sequelize, { log: this, ...this.settings });
  }

  /**
   * The names of the executed migrations that this checkout has, sorted. A command that is going to change them
   * waits here for its turn; `db:migrate:status` never waits, and creates nothing, so that a role that may only
   * look can ask.
   */
  async executed(): Promise<string[]> {
    if (changesLog(currentCommand())) await (this.lock ??= this.holdLock());
    const logged = await this.logged();
    if (!this.isPreChecked && !preCheck(currentCommand(), this.project, logged)) return []; // sequelize-cli ends, with success
    this.isPreChecked = true;
    // umzug fails over a record whose file it does not find.
    const names = migrationNames(this.project);
    return logged.filter((name) => names.includes(name));
  }

  private async holdLock(): Promise<void> {
    const { connection } = await projectDatabase(this.project);
    await holdRunLock(connection, migrationWaitMs());
  }

  private async logged(): Promise<string[]> {
    const table = (this.lastTable = await findLogTable(this.sequelize));
    if (!table.exists) return [];
    const rows = await this.ask<{ name: string }>(table, 'ACCESS SHARE', `SELECT name FROM ${table.name}`);
    return [...new Set(rows.map(({ name }) => migrationNameOf(name)))].sort();
  }

  async logMigration(name: string): Promise<void> {
    const table = await this.table();
    await this.ask(table, 'ROW EXCLUSIVE', logSql(table, migrationNameOf(name)).join(';\n'));
  }

  async unlogMigration(name: string): Promise<void> {
    const table = await this.table();
    await this.ask(table, 'ROW EXCLUSIVE', unlogSql(table, migrationNameOf(name)));
  }

  async logStatements(name: string): Promise<LogChange> {
    const table = await this.table();
    return { statements: logSql(table, name), ...(table.exists ? { table: relation(table) } : {}) };
  }

  async unlogStatements(name: string): Promise<LogChange> {
    const table = await this.table();
    return { statements: [unlogSql(table, name)], table: relation(table) };
  }

  /** Runs statements on the table as one message, and so as one transaction; no wait for it is without end. */
  private ask<Row extends object>(table: LogTable, mode: TableLockMode, sql: string): Promise<Row[]> {
    const lock = { relations: [relation(table)], mode, outcome: 'Nothing was changed.' };
    return withLockRetries({ sequelize: this.sequelize, ...this.settings }, lock, (timeoutMs) =>
      this.sequelize.query<Row>(`SET LOCAL lock_timeout = ${String(timeoutMs)};\n${sql}`, {
        type: QueryTypes.SELECT,
      }),
    );
  }

  /**
   * As it was found when the record was last read, just before the migration: not to be looked for while its
   * transaction holds locks for which the service waits.
   */
  private async table(): Promise<LogTable> {
    return this.lastTable ?? (await findLogTable(this.sequelize));
  }
}

function relation({ name }: LogTable) {
  return { name: 'SequelizeMeta', sql: name };
}

export = MigrationStorage;
