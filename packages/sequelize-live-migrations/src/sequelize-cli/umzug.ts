import { MIGRATION } from './migrations-folder';
import type { Project } from './project';
import { resolveMigration } from './resolve-migration';
import MigrationStorage from './storage';

/** An instance of umzug 2 for migrations, as far as it is needed here. */
interface Umzug {
  readonly storage: unknown;
  readonly options: { readonly migrations: object };
}

/** umzug's options for the migrations of a project. */
export function migrationOptions(project: Project, storage: InstanceType<typeof MigrationStorage>) {
  return {
    pattern: MIGRATION,
    customResolver: (file: string) =>
      resolveMigration(project, file, (name, direction) => storage.logChange(name, direction, true)),
  };
}

/**
 * Has sequelize-cli's instances of umzug use `migrationOptions`, since sequelize-cli hands on none of umzug's options:
 * they are set when an instance first looks for its files. Seeders are left as they are.
 */
export function useMigrationOptions(project: Project): void {
  const umzug: unknown = require.main?.require('umzug');
  const prototype: unknown = typeof umzug === 'function' ? umzug.prototype : undefined;
  if (!findsMigrations(prototype))
    throw new Error('sequelize-cli 6 is needed: its umzug is not as expected.');
  const { _findMigrations: find } = prototype;
  Object.assign(prototype, {
    _findMigrations(this: Umzug, ...args: unknown[]) {
      const { storage } = this;
      if (storage instanceof MigrationStorage)
        Object.assign(this.options.migrations, migrationOptions(project, storage));
      return Reflect.apply(find, this, args);
    },
  });
}

function findsMigrations(value: unknown): value is { _findMigrations: (...args: unknown[]) => unknown } {
  return typeof value === 'object' && value !== null && '_findMigrations' in value;
}
