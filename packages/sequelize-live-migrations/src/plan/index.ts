export { check, keptAsideNotes, withoutKeptAside } from './check';
export { isLossless } from './draft/types';
export { tablesDeclaration } from './declared/declarations';
export { declaredValueSql } from './declared/query-generator';
export { describe, type Difference, foreignKeyInWords, indexInWords } from './draft/compare';
export { Draft } from './draft/draft';
export type { MigrationRun } from './draft/migration-run';
export { isKeptAside, keptAsideBy, type KeptAside } from './recognised/kept-aside-comment';
export { withoutOtherNames } from './overlap/end';
export { planChanges } from './plan-changes';
export { planPurgeColumn, planPurgeTable } from './kept-aside/purge';
export { RefusedError } from './draft/refused-error';
export { hasUnknown, type Precondition, type Plan, type Step } from './draft/step';
export {
  changesOfNames,
  namesChanged,
  type NamesChanged,
  replicationWarnings,
  type LogicalReplication,
  type Replicated,
} from './replicated';
export { mergedLabels } from './enums/enum-labels';
