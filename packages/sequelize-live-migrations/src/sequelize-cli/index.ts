export { findRecordTable, recordSql } from './log-table';
export { intentsOf, migrationNames } from './migrations-folder';
export { preflight } from './preflight';
export { loadProject, type Project } from './project';
export { projectDatabase } from './project-database';
export { default as MigrationStorage } from './storage';
