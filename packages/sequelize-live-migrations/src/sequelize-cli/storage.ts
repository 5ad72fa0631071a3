import { QueryTypes, type QueryInterface, type Sequelize } from 'sequelize';
import { migrationLimits } from '../configuration';
import { SQLSTATE, sqlStateOf, type TableLockMode } from '../postgres';
import type { Change } from '../vocabulary';
import {
  afterCommit,
  commitLocallySql,
  type LogChange,
  type MigrationLog,
  migrationNameOf,
  type Reporter,
  type Runner,
  setRunner,
  withLockRetries,
} from '../session';
import { currentCommand, runsMigrations } from './command';
import { preCheck } from './pre-check';
import { declaredChangesOf, importMigrations, methodOf } from './migration-modules';
import { migrationNames } from './migrations-folder';
import { nameOfLogged, namesOfLogged } from './migration-names';
import { changeLogSql, findLogTable, type LogTable, relationOf } from './log-table';
import { consoleReporter } from './console-reporter';
import { currentProject, type Project } from './project';

interface StorageOptions {
  readonly sequelize: Sequelize;
  readonly reporter?: Reporter;
  /** Left out: the project of this process. */
  readonly project?: Project;
}

/**
 * The storage of the migration log. It has the same table as umzug's own storage, `SequelizeMeta`, so that either can
 * take the place of the other at any time.
 *
 * sequelize-cli creates an instance from `config.migrationStorage`; umzug 2 calls `executed`, `logMigration` and
 * `unlogMigration`. The last two may be repeated, because the runner writes the log in the transaction of the change
 * itself where it can.
 */
class MigrationStorage implements MigrationLog {
  private readonly sequelize: Sequelize;
  private readonly project: Project;
  private readonly settings: Omit<Runner, 'log'>;
  private isPreChecked = false;
  private lastTable: LogTable | undefined;
  /** Whether anything was logged, or was to be: then the table may be there that was not. */
  private hasLogged = false;
  private lastLogged: readonly string[] = [];
  /** The migrations that were logged, or unlogged, in their own transactions, which are committed: `up NAME`. */
  private readonly committed = new Set<string>();

  /** sequelize-cli passes a Sequelize instance, and nothing else. */
  constructor({ sequelize, reporter = consoleReporter(), project = currentProject() }: StorageOptions) {
    this.sequelize = sequelize;
    this.project = project;
    this.settings = { limits: migrationLimits(), reporter };
    setRunner(sequelize, { log: this, ...this.settings });
  }

  /**
   * The names of the executed migrations that this checkout has, sorted. Creates nothing, so that a role with read access
   * can run `db:migrate:status`.
   */
  async executed(): Promise<string[]> {
    const logged = await this.logged();
    if (runsMigrations(currentCommand())) await importMigrations(this.project);
    if (!this.isPreChecked) this.preCheckOnce(logged);
    // umzug fails for a logged migration whose file it does not find.
    const names = migrationNames(this.project);
    return logged.filter((name) => names.includes(name));
  }

  /** Where nothing is to be done, ends the process: sequelize-cli would go on to say that no migration has run at all. */
  private preCheckOnce(logged: readonly string[]): void {
    if (!preCheck(currentCommand(), this.project, logged)) process.exit(0);
    this.isPreChecked = true;
  }

  private async logged(): Promise<string[]> {
    const names = await this.readLog();
    this.lastLogged = [...new Set(namesOfLogged(this.project, names))].sort();
    return [...this.lastLogged];
  }

  /** The rows of the log. The table is looked for once, and again where a migration may have created or dropped it since. */
  private async readLog(): Promise<string[]> {
    const isKnown = this.lastTable?.exists === true || !this.hasLogged;
    const table = this.lastTable && isKnown ? this.lastTable : await findLogTable(this.sequelize);
    this.lastTable = table;
    if (!table.exists) return [];
    try {
      const select = `SELECT name FROM ${table.name}`;
      return (await this.query<{ name: string }>(table, 'ACCESS SHARE', select)).map(({ name }) => name);
    } catch (error) {
      if (!isKnown || sqlStateOf(error) !== SQLSTATE.undefinedTable) throw error;
      this.lastTable = undefined;
      return this.readLog();
    }
  }

  logMigration(name: string): Promise<void> {
    return this.change(name, 'up');
  }

  unlogMigration(name: string): Promise<void> {
    return this.change(name, 'down');
  }

  private async change(name: string, direction: 'up' | 'down'): Promise<void> {
    if (this.committed.delete(`${direction} ${name}`)) return;
    const table = await this.table();
    const statements = [`SELECT ${commitLocallySql('transaction')}`, ...changeLogSql(table, name, direction)];
    await this.query(table, 'ROW EXCLUSIVE', statements.join(';\n'));
    await afterCommit({ sequelize: this.sequelize, ...this.settings });
  }

  /** @param mayBeDropped whether the transaction may have dropped the table of the log */
  async logChange(name: string, direction: 'up' | 'down', mayBeDropped = false): Promise<LogChange> {
    const found = await this.table();
    const table = mayBeDropped ? { ...found, exists: false } : found;
    const logged = nameOfLogged(this.project, name);
    return {
      statements: changeLogSql(table, logged, direction),
      onCommitted: () => this.committed.add(`${direction} ${logged}`),
      ...(table.exists ? { table: relationOf(table) } : {}),
    };
  }

  exports(
    name: string,
    direction: 'up' | 'down',
    work: (queryInterface: QueryInterface) => unknown,
  ): boolean {
    return methodOf(this.project, nameOfLogged(this.project, name), direction) === work;
  }

  changesAfter(name: string): Change[] {
    return this.changesOf((logged) => migrationNameOf(logged) > name);
  }

  changesBefore(name: string): Change[] {
    return this.changesOf((logged) => migrationNameOf(logged) < name);
  }

  /** The changes that some logged migrations of this checkout declare. */
  private changesOf(isChosen: (name: string) => boolean): Change[] {
    const names = migrationNames(this.project);
    const chosen = this.lastLogged.filter((logged) => isChosen(logged) && names.includes(logged));
    return chosen.flatMap((logged) => declaredChangesOf(this.project, logged, 'up') ?? []);
  }

  /** Runs statements on the table in one message, and so in one transaction, with limited waits for its lock. */
  private query<Row extends object>(table: LogTable, mode: TableLockMode, sql: string): Promise<Row[]> {
    const lock = { relations: [relationOf(table)], mode, outcome: 'Nothing was changed.' };
    return withLockRetries({ sequelize: this.sequelize, ...this.settings }, lock, (timeoutMs) =>
      this.sequelize.query<Row>(`SET LOCAL lock_timeout = ${String(timeoutMs)};\n${sql}`, {
        type: QueryTypes.SELECT,
      }),
    );
  }

  /**
   * The table as it was when the log was last read, just before the migration: so it is not queried while a transaction
   * of the migration holds locks that block the application.
   */
  private async table(): Promise<LogTable> {
    this.hasLogged = true;
    return this.lastTable ?? (await findLogTable(this.sequelize));
  }
}

export = MigrationStorage;
