import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { migrationWaitMs } from '../config/database';
import { recordedName, recordThrough, type RecordKeeper } from '../schema/record';
import { changesTheRecord } from './command';
import { holdRunLock } from './run-lock';

const TABLE = '"SequelizeMeta"';

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

  constructor({ sequelize }: { readonly sequelize: Sequelize }) {
    this.sequelize = sequelize;
    recordThrough(sequelize, this);
  }

  /**
   * The names of the executed migrations, sorted. A command that is going to change them waits here for its
   * turn; `db:migrate:status` never waits, and creates nothing, so that a role that may only look can ask.
   */
  async executed(): Promise<string[]> {
    if (changesTheRecord()) await (this.lock ??= holdRunLock(migrationWaitMs()));
    const [table] = await this.select<{ exists: boolean }>(
      `SELECT to_regclass('${TABLE}') IS NOT NULL AS exists`,
    );
    if (!table?.exists) return [];
    const rows = await this.select<{ name: string }>(`SELECT name FROM ${TABLE}`);
    return [...new Set(rows.map(({ name }) => recordedName(name)))].sort();
  }

  async logMigration(name: string): Promise<void> {
    await this.sequelize.transaction((transaction) => this.record(recordedName(name), transaction));
  }

  async unlogMigration(name: string): Promise<void> {
    await this.sequelize.transaction((transaction) => this.erase(recordedName(name), transaction));
  }

  async record(name: string, transaction: Transaction): Promise<void> {
    // As umzug's storage would create it.
    await this.sequelize.query(
      `CREATE TABLE IF NOT EXISTS ${TABLE} (name varchar(255) NOT NULL PRIMARY KEY)`,
      { transaction },
    );
    await this.sequelize.query(`INSERT INTO ${TABLE} (name) VALUES ($name) ON CONFLICT DO NOTHING`, {
      transaction,
      bind: { name },
    });
  }

  async erase(name: string, transaction: Transaction): Promise<void> {
    const asTypeScript = name.replace(/\.js$/, '.ts'); // what a run under ts-node has left
    await this.sequelize.query(`DELETE FROM ${TABLE} WHERE name IN ($name, $asTypeScript)`, {
      transaction,
      bind: { name, asTypeScript },
    });
  }

  private select<Row extends object>(sql: string): Promise<Row[]> {
    return this.sequelize.query<Row>(sql, { type: QueryTypes.SELECT });
  }
}

export = MigrationStorage;
