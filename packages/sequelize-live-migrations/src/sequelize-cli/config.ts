import path from 'node:path';
import type { Options } from 'sequelize';
import { explainingDriver, messageOf, type Database } from '../configuration';
import { currentCommand } from './command';
import { currentProject } from './project';
import { projectDatabase } from './project-database';
import { warnOfPending } from './seed-warning';

interface CliConfig extends Options {
  /** The module that keeps the migration log. */
  readonly migrationStorage: string;
}

/**
 * The module that sequelize-cli's `config` option names: a function, which sequelize-cli calls and awaits. It would print
 * a rejection with its whole help text and a stack, so an error is printed and ends the process here.
 */
async function configure(): Promise<CliConfig> {
  try {
    const project = currentProject();
    const config = cliConfig(await projectDatabase(project));
    if (/^db:seed(:all)?$/.test(currentCommand().name)) await warnOfPending(project, config);
    return config;
  } catch (error) {
    console.error(`ERROR: ${messageOf(error)}`);
    process.exit(1);
  }
}

function cliConfig({ connection, source, notice, createMissing }: Database): CliConfig {
  if (notice) console.log(notice);
  return {
    ...connection,
    dialect: 'postgres',
    dialectModule: explainingDriver(source),
    logging: false,
    // One connection works, one watches it; sequelize-cli itself may have a third.
    pool: { max: 3, idle: 1000, evict: 1000 },
    migrationStorage: path.join(__dirname, 'storage.js'),
    ...(createMissing
      ? { hooks: { beforeConnect: beforeConnectTo(connection.database, createMissing) } }
      : {}),
  };
}

/**
 * Creates a missing database before a connection to it. `db:create` and `db:drop` connect to `postgres` instead, and
 * create or drop the database themselves.
 */
function beforeConnectTo(database: string, createMissing: () => Promise<void>) {
  return async (target: { database?: string }) => {
    if (target.database === database) await createMissing();
  };
}

export = configure;
