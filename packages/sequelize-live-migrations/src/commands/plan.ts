import { planMigrations, script } from '../run';
import { findLogTable, declaredChangesOf, migrationNames, MigrationStorage, logSql } from '../sequelize-cli';
import type { Command } from './command';

/**
 * Prints the SQL that `db:migrate` would run now on the configured database, as a script for psql. Changes nothing; its
 * locks, in ACCESS SHARE mode, block neither reads nor writes. What a migration that is written by hand does is not known:
 * the script stops there.
 */
export const plan: Command = {
  parameters: [],
  async work({ project, run }) {
    const { sequelize, limits, reporter } = run;
    const storage = new MigrationStorage({ sequelize, reporter, project });
    const executed = await storage.executed();
    const pending = migrationNames(project).filter((name) => !executed.includes(name));
    const planned = await planMigrations(
      run,
      pending.map((name) => ({
        name,
        direction: 'up',
        changes: declaredChangesOf(project, name),
        later: storage.changesAfter(name),
      })),
    );
    const table = await findLogTable(sequelize);
    const logStatements = (name: string, isFirst: boolean) =>
      logSql({ ...table, exists: table.exists || !isFirst }, name);
    process.stdout.write(script(planned, { limits, logStatements }));
  },
};
