import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { migrationLimits, migrationWaitMs } from '../config/database';
import { recordedName, runThrough, type RecordKeeper } from '../schema/runner';
import { changesTheRecord, currentCommand } from './command';
import { takeFirstLook } from './first-look';
import { migrationNames } from './folder';
import { eraseSql, findRecordTable, recordSql, type RecordTable } from './record-table';
import { consoleReporter } from './report';
import { holdRunLock } from './run-lock';

/**
 * Keeps the record of executed migrations where umzug's own storage keeps it, in `SequelizeMeta`, so that the
 * two can be exchanged at any time.
 *
 * sequelize-cli makes one from `config.migrationStorage`; umzug 2 calls `executed`, `logMigration` and
 * `unlogMigration`. The last two find their work done already where the runner could write the record in the
 * transaction of the change itself, so they are idempotent.
 */
class MigrationStorage implements RecordKeeper {
  private readonly sequelize: Sequelize;
  private lock: Promise<void> | undefined;
  private looked = false;
  private lastTable: RecordTable | undefined;

  constructor({ sequelize }: { readonly sequelize: Sequelize }) {
    this.sequelize = sequelize;
    runThrough(sequelize, { keeper: this, limits: migrationLimits(), reporter: consoleReporter() });
  }

  /**
   * The names of the executed migrations that this checkout has, sorted. A command that is going to change them
   * waits here for its turn; `db:migrate:status` never waits, and creates nothing, so that a role that may only
   * look can ask.
   */
  async executed(): Promise<string[]> {
    if (changesTheRecord(currentCommand())) await (this.lock ??= holdRunLock(migrationWaitMs()));
    const recorded = await this.recorded();
    if (!this.looked && !takeFirstLook(currentCommand(), recorded)) return []; // sequelize-cli ends, with success
    this.looked = true;
    // umzug fails over a record whose file it does not find.
    const names = migrationNames();
    return recorded.filter((name) => names.includes(name));
  }

  private async recorded(): Promise<string[]> {
    const table = (this.lastTable = await findRecordTable(this.sequelize));
    if (!table.exists) return [];
    const select = `SELECT name FROM ${table.name}`;
    const rows = await this.sequelize.query<{ name: string }>(select, { type: QueryTypes.SELECT });
    return [...new Set(rows.map(({ name }) => recordedName(name)))].sort();
  }

  async logMigration(name: string): Promise<void> {
    await this.sequelize.transaction((transaction) => this.record(recordedName(name), transaction));
  }

  async unlogMigration(name: string): Promise<void> {
    await this.sequelize.transaction((transaction) => this.erase(recordedName(name), transaction));
  }

  async record(name: string, transaction: Transaction): Promise<void> {
    for (const sql of recordSql(await this.table(), name)) await this.sequelize.query(sql, { transaction });
  }

  async erase(name: string, transaction: Transaction): Promise<void> {
    await this.sequelize.query(eraseSql(await this.table(), name), { transaction });
  }

  /**
   * As it was found when the record was last read, just before the migration: not to be looked for while its
   * transaction holds locks for which the service waits.
   */
  private async table(): Promise<RecordTable> {
    return this.lastTable ?? (await findRecordTable(this.sequelize));
  }
}

export = MigrationStorage;
