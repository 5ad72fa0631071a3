export { migration, type Migration, type MigrationDefinition } from './migration';
