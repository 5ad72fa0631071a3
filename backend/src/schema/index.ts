export { migration, type Migration, type MigrationDefinition } from './migration';
export { recordedName, recordThrough, type RecordKeeper } from './record';
export { RefusedError } from './errors';
