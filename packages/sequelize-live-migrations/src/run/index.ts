export { dryRun, type DryRun, type Pending } from './dry-run';
export { inspect } from './inspect';
export { migration, type Migration, type MigrationDefinition } from './migration';
export { script } from './script';
