export { check } from './check';
export { describe, type Difference } from './compare';
export { plan } from './plan';
export { RefusedError } from './refused-error';
export type { Precondition, Plan, Step } from './step';
