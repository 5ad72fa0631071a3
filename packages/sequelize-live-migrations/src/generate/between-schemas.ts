import {
  type Home,
  keyProposals,
  keysInWords,
  type KeysBetween,
  type Proposal,
  sqlProposal,
  validationProposals,
} from '../models';
import { quoteIdentifier } from '../postgres';

/** What a migration has to change for the migrations to make what the models declare, as far as one migration can. */
export interface Difference {
  /** What it is about, where there are several: a schema, or what is between schemas; undefined for the tables of the log's. */
  readonly of: string | undefined;
  readonly isOfSchema: boolean;
  readonly proposals: readonly Proposal[];
  /** What is only said: of tables that no model declares, with what would remove them. */
  readonly undeclared: readonly Proposal[];
  /** Which locks it takes on tables with rows, and what the previous release notices: sentences. */
  readonly locks: string;
  readonly previousRelease: string;
}

const UNNOTICED = {
  isOfSchema: false,
  undeclared: [],
  locks: 'Locks: none that blocks reads or writes.',
  previousRelease: 'The previous release keeps working.',
} as const;

/** Creates schemas, for the migrations that follow. */
export function differenceOfSchemas(missing: readonly string[]): Difference[] {
  if (missing.length === 0) return [];
  const proposals = missing.map((schema) => ({
    ...sqlProposal(
      { up: `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`, down: 'SELECT' },
      `An undo leaves the schema ${schema}: tables may be kept aside in it.`,
    ),
    isLeft: true,
  }));
  return [{ ...UNNOTICED, of: 'schemas', proposals }];
}

/** The foreign keys between schemas that no model declares any more: before what they refer to goes. */
export function differenceOfGoneKeys(between: readonly KeysBetween[], home: Home): Difference[] {
  const gone = between.map((one) => ({ ...one, added: [] }));
  return differenceOfKeys('removed-keys', gone, home);
}

/** Those that are new, or act otherwise: when their tables are there. */
export function differenceOfAddedKeys(between: readonly KeysBetween[], home: Home): Difference[] {
  const added = between.map((one) => ({ ...one, gone: [] }));
  return differenceOfKeys('keys', added, home);
}

function differenceOfKeys(of: string, between: readonly KeysBetween[], home: Home): Difference[] {
  const proposals = keyProposals(between, home);
  if (proposals.length === 0) return [];
  return [{ of, isOfSchema: false, proposals, undeclared: [], ...keysInWords(between, home) }];
}

/** Those of tables that may have rows, which are read when the lock is gone that adding a key takes. */
export function differenceOfValidation(between: readonly KeysBetween[]): Difference[] {
  const proposals = validationProposals(between);
  return proposals.length > 0 ? [{ ...UNNOTICED, of: 'validation', proposals }] : [];
}
