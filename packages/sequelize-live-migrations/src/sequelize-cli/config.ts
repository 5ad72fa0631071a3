import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type * as pg from 'pg';
import { type Options, Sequelize } from 'sequelize';
import { explainingDriver, messageOf, migrationWaitMs, sessionOpener, type Database } from '../configuration';
import { changesLog, type Command, currentCommand } from './command';
import { currentProject } from './project';
import { projectDatabase, sequelizeOptions } from './project-database';
import { maintenanceDatabase } from './maintenance-database';
import { holdRunLock } from './run-lock';
import { warnOfPending } from './seed-warning';
import { addTimestamps } from './timestamps';

interface CliConfig extends Options {
  /** Its type declarations leave it out. */
  readonly databaseVersion?: string;
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
    const command = currentCommand();
    const database = await projectDatabase(project);
    if (database.notice) console.log(database.notice);
    const locked = changesLog(command) ? waitForOtherRuns(database) : undefined;
    const driver = await driverFor(database, command);
    if (locked) await loadDialect(locked, driver);
    const config = cliConfig(database, driver, await locked);
    if (command.name === 'db:migrate:schema:timestamps:add') {
      console.log(await addTimestamps(new Sequelize(config)));
      process.exit(0);
    }
    if (/^db:seed(:all)?$/.test(command.name)) await warnOfPending(project, config);
    return config;
  } catch (error) {
    console.error(`ERROR: ${messageOf(error)}`);
    process.exit(1);
  }
}

/**
 * Before sequelize-cli connects, since a pool may have only as many sessions as the run at work needs.
 *
 * @returns the version of the server
 */
async function waitForOtherRuns({ connection, source, createMissing }: Database): Promise<string> {
  await createMissing?.();
  return holdRunLock(sessionOpener(connection, source, { needs: 'writes' }), migrationWaitMs());
}

/**
 * Loads what sequelize-cli needs next of Sequelize, some sixty modules, while the server answers the first connection.
 *
 * @param locked the work for which that connection is opened, whose error is reported by whoever awaits it
 */
async function loadDialect(locked: Promise<unknown>, dialectModule: typeof pg): Promise<void> {
  locked.catch(() => undefined);
  await setImmediate(); // the connection is under way then
  new Sequelize({ dialect: 'postgres', dialectModule });
}

/** The driver for a command, which checks what that needs. Of one that has waited for other runs, the session
 * with the lock is checked, and a pool may have no second one. */
async function driverFor({ connection, source }: Database, command: Command) {
  if (/^db:(create|drop)$/.test(command.name)) {
    return explainingDriver(source, {
      needs: 'primary',
      maintenance: await maintenanceDatabase(connection, source),
    });
  }
  if (changesLog(command)) return explainingDriver(source, { needs: 'answer' });
  return explainingDriver(source, { needs: command.name === 'db:migrate:status' ? 'session' : 'writes' });
}

function cliConfig(database: Database, driver: typeof pg, serverVersion: string | undefined): CliConfig {
  return {
    ...(serverVersion === undefined ? {} : { databaseVersion: asSemver(serverVersion) }),
    ...sequelizeOptions(database, driver),
    // One connection works, one watches it, sequelize-cli itself may have a third; a plain migration may have several.
    pool: { max: 5, idle: 1000, evict: 1000 },
    migrationStorage: path.join(__dirname, 'storage.js'),
  };
}

/**
 * A version of PostgreSQL as Sequelize has it: `17.10.0` for `17.10`, and `18.0.0` for `18beta1`. Where Sequelize knows it,
 * it does not open a connection of its own only to ask for it.
 */
function asSemver(version: string): string {
  const [, major = '0', minor = '0', patch = '0'] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return `${major}.${minor}.${patch}`;
}

export = configure;
