export { migration, type Migration, type MigrationDefinition } from './run';
