export { findLogTable, logSql } from './log-table';
export { declaredChangesOf, migrationNames } from './migrations-folder';
export { preflight } from './preflight';
export { loadProject, type Project } from './project';
export { projectDatabase } from './project-database';
export { default as MigrationStorage } from './storage';
