export { dryRunPlain, type DryRun } from './dry-run';
export { runPlain, type PlainMigration } from './run-plain';
export { printed, printedValues } from './sql-text';
export type { Sent } from './stand-in';
