export { generateMigration } from './generate-migration';
