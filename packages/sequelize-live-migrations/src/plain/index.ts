export { runPlain, type PlainMigration } from './run-plain';
