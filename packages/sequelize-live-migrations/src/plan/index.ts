export { check } from './check';
export { tablesDeclaration } from './declarations';
export { describe, type Difference } from './compare';
export { Draft, type MigrationRun } from './draft';
export { planChanges } from './plan-changes';
export { RefusedError } from './refused-error';
export type { Precondition, Plan, Step } from './step';
