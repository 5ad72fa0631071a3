export { check, keptAsideNotes } from './check';
export { tablesDeclaration } from './declarations';
export { describe, type Difference } from './compare';
export { Draft, type MigrationRun } from './draft';
export { keptAsideBy, type KeptAside } from './kept-aside-comment';
export { planChanges } from './plan-changes';
export { planPurgeColumn, planPurgeTable } from './purge';
export { RefusedError } from './refused-error';
export type { Precondition, Plan, Step } from './step';
