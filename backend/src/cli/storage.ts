import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { migrationLimits, migrationWaitMs } from '../config/database';
import { quoteIdentifier } from '../schema/names';
import { recordedName, runThrough, type RecordKeeper } from '../schema/runner';
import { changesTheRecord, currentCommand } from './command';
import { takeFirstLook } from './first-look';
import { migrationNames } from './folder';
import { consoleReporter } from './report';
import { holdRunLock } from './run-lock';

const NAME = '"SequelizeMeta"';

/** Where the record is. */
interface Place {
  readonly table: string;
  readonly exists: boolean;
  readonly hasTimestamps: boolean;
}

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
  private lastPlace: Place | undefined;

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
    const { table, exists } = (this.lastPlace = await this.findPlace());
    if (!exists) return [];
    const rows = await this.select<{ name: string }>(`SELECT name FROM ${table}`);
    return [...new Set(rows.map(({ name }) => recordedName(name)))].sort();
  }

  async logMigration(name: string): Promise<void> {
    await this.sequelize.transaction((transaction) => this.record(recordedName(name), transaction));
  }

  async unlogMigration(name: string): Promise<void> {
    await this.sequelize.transaction((transaction) => this.erase(recordedName(name), transaction));
  }

  async record(name: string, transaction: Transaction): Promise<void> {
    const { table, exists, hasTimestamps } = await this.place();
    if (!exists) {
      // As umzug's storage would create it.
      const create = `CREATE TABLE IF NOT EXISTS ${table} (name varchar(255) NOT NULL PRIMARY KEY)`;
      await this.sequelize.query(create, { transaction });
    }
    const [columns, values] = hasTimestamps
      ? ['name, "createdAt", "updatedAt"', '$name, now(), now()'] // sequelize-cli's db:migrate:schema:timestamps:add
      : ['name', '$name'];
    await this.sequelize.query(
      `INSERT INTO ${table} (${columns}) VALUES (${values}) ON CONFLICT DO NOTHING`,
      {
        transaction,
        bind: { name },
      },
    );
  }

  async erase(name: string, transaction: Transaction): Promise<void> {
    const asTypeScript = name.replace(/\.js$/, '.ts'); // what a run under ts-node has left
    const { table } = await this.place();
    await this.sequelize.query(`DELETE FROM ${table} WHERE name IN ($name, $asTypeScript)`, {
      transaction,
      bind: { name, asTypeScript },
    });
  }

  /**
   * As it was found when the record was last read, just before the migration: not to be looked for while its
   * transaction holds locks for which the service waits.
   */
  private async place(): Promise<Place> {
    return this.lastPlace ?? (await this.findPlace());
  }

  /**
   * The table's full name, and what it is like: found as the session finds it, whatever the search_path of a
   * migration's transaction is.
   */
  private async findPlace(): Promise<Place> {
    const [place] = await this.select<{ schema: string; exists: boolean; timestamps: boolean }>(
      `SELECT coalesce(n.nspname, current_schema(), 'public')::text AS schema, c.oid IS NOT NULL AS exists,
         EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'createdAt') AS timestamps
       FROM (VALUES (to_regclass('${NAME}'))) AS found(oid)
       LEFT JOIN pg_class c ON c.oid = found.oid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace`,
    );
    const { schema = 'public', exists = false, timestamps = false } = place ?? {};
    return { table: `${quoteIdentifier(schema)}.${NAME}`, exists, hasTimestamps: timestamps };
  }

  private select<Row extends object>(sql: string): Promise<Row[]> {
    return this.sequelize.query<Row>(sql, { type: QueryTypes.SELECT });
  }
}

export = MigrationStorage;
