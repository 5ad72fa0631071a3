export type { MigrationToPlan } from './migration-to-plan';
export { planMigrations, type PlannedMigration, planOrRefusal } from './plan-migrations';
export { purge } from './purge';
export { runMigration } from './run-migration';
export { script } from './script';
export { stepsLeft } from './steps-left';
export { subjectOf } from './subject';
export { withShadows } from './with-shadows';
