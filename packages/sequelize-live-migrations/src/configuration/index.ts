export { databaseFromConfigFile } from './config-file';
export { urlOfServer } from './choose-server';
export { connectionFromUrl, urlFromConnection, urlOfSibling, type Connection } from './connection-url';
export { databaseFromEnvironment, sourceOf, type Database, type DatabaseSettings } from './database';
export { urlForDriver } from './driver-url';
export { explainingDriver, sessionOpener, type DriverOptions } from './driver';
export { migrationLimits, migrationWaitMs, optionsTakenByNpm, variable } from './environment';
export { ConfigurationError, messageOf } from './errors';
export { typedUrlVariables, useTypedUrl } from './typed-url';
