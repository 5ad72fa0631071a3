export { createCopyOf, createEmptyDatabase, createTestDatabase, type TestDatabase } from './database';
export { migrate, type MigrateOptions } from './migrate';
export { withMigratedDatabase } from './migrated-database';
export { differencesFromModels } from './models';
export { beginRun, endRun, type TestRunOptions } from './run';
export { schemaOf } from './schema';
