export { migration, recordedName, type Migration, type MigrationDefinition } from './migration';
export { recordThrough, type RecordKeeper } from './record';
export { RefusedError } from './errors';
