import { migrationLimits } from '../config/database';
import { sequelize } from '../models';
import { forecast } from '../schema/forecast';
import { script } from '../schema/script';
import { findRecordTable, recordSql } from './record-table';
import MigrationStorage from './storage';
import { intentsOf, migrationNames } from './folder';
import { runTask } from './task';

/**
 * `npm run db:plan`: the SQL that `db:migrate` would run now on this database, as a script for psql. It changes
 * nothing, and takes no lock that a reader would notice.
 */
runTask(async () => {
  const limits = migrationLimits();
  try {
    const executed = await new MigrationStorage({ sequelize }).executed();
    const pending = migrationNames().filter((name) => !executed.includes(name));
    const run = { sequelize, limits, reporter: { line: console.error, progress: () => undefined } };
    const forecasts = await forecast(
      run,
      pending.map((name) => ({ name, intents: intentsOf(name) })),
    );
    const table = await findRecordTable(sequelize);
    const record = (name: string, isFirst: boolean) =>
      recordSql({ ...table, exists: table.exists || !isFirst }, name);
    process.stdout.write(script(forecasts, { limits, record }));
  } finally {
    await sequelize.close();
  }
});
