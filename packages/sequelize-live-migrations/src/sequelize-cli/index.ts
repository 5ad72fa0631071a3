export { findLogTable, logSql, unlogSql } from './log-table';
export { migrationMeantBy } from './migration-names';
export { declaredChangesOf, migrationNames } from './migrations-folder';
export { assertOneSequelize } from './one-sequelize';
export { preflight } from './preflight';
export { loadProject, type Project } from './project';
export { projectDatabase } from './project-database';
export { default as MigrationStorage } from './storage';
