import fs from 'node:fs';
import path from 'node:path';
import type * as pg from 'pg';
import type { Options } from 'sequelize';
import {
  ConfigurationError,
  type Database,
  databaseFromConfigFile,
  databaseFromEnvironment,
} from '../configuration';
import { exportedBy, importModules, whyNotLoaded } from './load-migration';
import { exportedValue } from './plain-migration';
import type { Project } from './project';

const databases = new Map<string, Promise<Database>>();

/**
 * The database that a project's config module names: with `resolveDatabase`, or as sequelize-cli has it. Where there is no
 * such module, the one that the environment names.
 *
 * @throws ConfigurationError where it names none
 */
export function projectDatabase({ config, root }: Project): Promise<Database> {
  const key = config ?? root;
  const found = databases.get(key) ?? readDatabase(config, root);
  databases.set(key, found);
  return found;
}

async function readDatabase(config: string | undefined, root: string): Promise<Database> {
  if (config === undefined)
    return databaseFromEnvironment({ applicationName: 'sequelize-live-migrations' })();
  if (!fs.existsSync(config)) {
    throw new ConfigurationError(
      `There is no ${path.relative(root, config)}, which .sequelizerc names as config. Nothing was done. Correct the path.`,
    );
  }
  await importModules([config]);
  const exported = loaded(config, root);
  const resolve = exportedValue(exported, 'resolveDatabase');
  if (namesDatabase(resolve)) return resolve();
  return databaseFromConfigFile(path.relative(root, config), exportedValue(exported, 'default') ?? exported);
}

function loaded(config: string, root: string): unknown {
  try {
    return exportedBy(config);
  } catch (error) {
    throw new ConfigurationError(
      `${path.relative(root, config)} cannot be loaded: ${whyNotLoaded(config, error)}. Nothing was done.`,
    );
  }
}

function namesDatabase(resolve: unknown): resolve is () => Promise<Database> {
  return typeof resolve === 'function';
}

/** The options of an instance of Sequelize that works on a database. */
export function sequelizeOptions(
  { connection, options, createMissing }: Database,
  dialectModule: typeof pg,
): Options {
  return {
    ...options,
    ...connection,
    dialectOptions: { ...connection.dialectOptions },
    dialect: 'postgres',
    dialectModule,
    logging: false,
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
