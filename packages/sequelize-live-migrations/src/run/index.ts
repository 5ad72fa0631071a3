export { dryRun, type DryRun, type Pending } from './dry-run';
export { inspect } from './inspect';
export { migration, type Migration, type MigrationDefinition } from './migration';
export {
  DEFAULT_LIMITS,
  migrationNameOf,
  setRunner,
  type Limits,
  type Progress,
  type LogChange,
  type MigrationLog,
  type Reporter,
  type Runner,
} from './runner';
export { script } from './script';
export { withLockRetries } from './transaction/retries';
export type { Run } from './transaction/transaction';
