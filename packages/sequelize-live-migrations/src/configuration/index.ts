export {
  clientOptions,
  connectionFromUrl,
  urlFromConnection,
  urlOfSibling,
  type Connection,
} from './connection-url';
export { databaseFromEnvironment, type Database, type DatabaseSettings } from './database';
export { explainingDriver } from './driver';
export { migrationLimits, migrationWaitMs } from './environment';
export { ConfigurationError, messageOf } from './errors';
