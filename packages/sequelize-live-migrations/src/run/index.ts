export { forecast, type Forecast, type Pending } from './forecast';
export { inspect } from './inspect';
export { migration, type Migration, type MigrationDefinition } from './migration';
export {
  DEFAULT_LIMITS,
  recordedName,
  runThrough,
  type Limits,
  type Progress,
  type RecordChange,
  type RecordKeeper,
  type Reporter,
  type Runner,
} from './runner';
export { script } from './script';
export { withLockRetries } from './transaction/retries';
export type { Run } from './transaction/transaction';
