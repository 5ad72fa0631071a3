export { migration, type Migration, type MigrationDefinition } from './migration';
export { planMigrations, type MigrationToPlan, type PlannedMigration } from './plan-migrations';
export { purge } from './purge';
export { script } from './script';
export { stepsLeft } from './steps-left';
export { subjectOf } from './subject';
export { withShadows } from './with-shadows';
