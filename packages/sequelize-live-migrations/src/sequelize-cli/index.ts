export { generatesMigration } from './command';
export type { CommandLine } from './command-line';
export { UsageError } from './errors';
export { changeLogSql, findLogTable } from './log-table';
export { migrationMeantBy } from './migration-names';
export { exportedBy, importModules, isEsModule } from './load-migration';
export {
  assertMigrations,
  declaredChangesOf,
  descriptionOf,
  importMigrations,
  migrationNames,
} from './migrations-folder';
export { exportedValue } from './plain-migration';
export { assertOneSequelize } from './one-sequelize';
export { type Generate, preflight } from './preflight';
export { type Folder, loadProject, type Project } from './project';
export { projectDatabase, sequelizeOptions } from './project-database';
export { plainMigration } from './resolve-migration';
export { default as MigrationStorage } from './storage';
export { migrationOptions } from './umzug';
export { failWithoutResult } from './without-result';
