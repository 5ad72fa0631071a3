import { forecast } from '../schema/forecast';
import { script } from '../schema/script';
import { runDatabaseTask } from './database-task';
import { intentsOf, migrationNames } from './folder';
import { findRecordTable, recordSql } from './record-table';
import MigrationStorage from './storage';

/**
 * `npm run db:plan`: the SQL that `db:migrate` would run now on this database, as a script for psql. It changes
 * nothing, and takes no lock that a reader would notice.
 */
runDatabaseTask(async (run) => {
  const { sequelize, limits, reporter } = run;
  const executed = await new MigrationStorage({ sequelize, reporter }).executed();
  const pending = migrationNames().filter((name) => !executed.includes(name));
  const forecasts = await forecast(
    run,
    pending.map((name) => ({ name, intents: intentsOf(name) })),
  );
  const table = await findRecordTable(sequelize);
  const record = (name: string, isFirst: boolean) =>
    recordSql({ ...table, exists: table.exists || !isFirst }, name);
  process.stdout.write(script(forecasts, { limits, record }));
});
